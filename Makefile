# Each target sets up .venv by itself; all that must be there is Python 3.11 or later (and, on a fresh machine, internet for pip once).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
ARGS ?=
NAME ?= localhost
SOURCES := app.py ingest.py jobs.py api bench callbacks config data_adapters domain layouts services tests

# Every process of a city compiles its sources anew where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test long check bench soak lock cert city osm browser libraries
.DEFAULT_GOAL := run

run: $(VENV)/ready
	$(RUN) app.py $(ARGS)

# What may run beside other tests runs in two processes, each with its own engines; the rest by itself. 5: nothing was chosen.
ALONE := not light and (browser or slow)
test: $(VENV)/ready-dev browser libraries
	failed=0; \
	$(RUN) -m pytest -n 2 --dist loadfile -m "not long and not ($(ALONE))" $(ARGS) || [ $$? = 5 ] || failed=1; \
	$(RUN) -m pytest -m "not long and ($(ALONE))" $(ARGS) || [ $$? = 5 ] || failed=1; \
	exit $$failed

long: $(VENV)/ready-dev browser
	$(RUN) -m pytest -m long $(ARGS)

check: $(VENV)/ready-dev
	$(RUN) -m ruff format --check $(SOURCES)
	$(RUN) -m ruff check $(SOURCES)
	$(RUN) -m mypy
	$(RUN) -m pytest -m "not slow and not browser and not real_data" $(ARGS)

bench: $(VENV)/ready-dev
	for file in bench/bench_*.py; do $(RUN) "$$file" $(ARGS); done

soak: $(VENV)/ready-dev
	$(RUN) bench/soak.py $(ARGS)

cert: $(VENV)/ready
	$(RUN) -m data_adapters.certificates $(NAME) $(ARGS)

city: $(VENV)/ready
	@if [ -z "$(CODE)" ]; then echo "make city needs the code of a city or district: make city CODE=440600 [OUT=dir]"; exit 1; fi
	$(RUN) -m data_adapters.city_pack.from_code $(CODE) "$(or $(OUT),var/cities/$(CODE))"

osm: $(VENV)/ready requirements-osm.txt
	@if [ -z "$(EXTRACT)" ] || [ -z "$(CITY)" ]; then echo "make osm needs an extract and a city pack: make osm EXTRACT=x.osm.pbf CITY=dir"; exit 1; fi
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-osm.txt
	$(RUN) -m data_adapters.city_pack.from_osm "$(EXTRACT)" "$(CITY)"

lock: $(VENV)/ready-dev
	$(RUN) -m pip install --quiet uv
	$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.txt
	$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements-osm.in -o requirements-osm.txt
	$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements-dev.in -o requirements-dev.txt

# Debian ships Python without venv: root installs it, anybody else is told so.
$(VENV)/bin/python:
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then echo "CityDeck needs Python 3.11 or later: make PYTHON=python3.12"; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "Python's venv is missing: as root, apt-get install python3-venv"; exit 1; fi; fi
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: $(VENV)/bin/python requirements.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $@

# The browser tests skip, and say so, where there is no chromium and we may not install it; those of playing video also need ffmpeg and nginx's
# RTMP module.
browser:
	@if ! command -v ffmpeg >/dev/null || ! test -e /usr/lib/nginx/modules/ngx_rtmp_module.so; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ffmpeg nginx-light libnginx-mod-rtmp; \
	  else echo "no ffmpeg or no RTMP module of nginx here: the tests of playing video will be skipped"; fi; fi
	@if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; \
	  else echo "no chromium here: the browser tests will be skipped"; fi; fi

# Real peers of the topic libraries' tests, ordinary programs that the tests start; where we may not install them those tests skip and say so.
# MariaDB's own tool that makes an empty database calls one of its client's.
libraries:
	@for pair in mariadbd:mariadb-server-core my_print_defaults:mariadb-client-core prometheus:prometheus; do \
	  if ! PATH="$$PATH:/usr/sbin" command -v "$${pair%%:*}" >/dev/null; then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${pair##*:}"; \
	    else echo "no $${pair%%:*} here: its tests will be skipped"; fi; fi; done
