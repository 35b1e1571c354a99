"""The only place that assembles: real adapters into services. app.py, ingest.py and jobs.py call it, nobody else does."""

from data_adapters.ingest_wiring import IngestParts, JobsParts, build_ingest, build_jobs, session_plan
from data_adapters.preparing import prepare
from data_adapters.web_wiring import build_web

__all__ = ["IngestParts", "JobsParts", "build_ingest", "build_jobs", "build_web", "prepare", "session_plan"]
