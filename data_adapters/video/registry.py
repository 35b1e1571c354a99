"""The kinds of video platform this program knows, one line each, and the platforms that config/video.yaml makes of them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from config.settings import read_secrets
from config.video import PlatformConfig, load_video
from data_adapters.video.list.adapter import ListPlatform
from data_adapters.video.setup import PlatformSetup
from data_adapters.video.wvp.adapter import WvpPlatform
from services.video_ports import VideoPlatform

ADAPTERS: dict[str, Callable[[PlatformSetup], VideoPlatform]] = {
    "list": ListPlatform,
    "wvp": WvpPlatform,
}


def configured() -> list[PlatformConfig]:
    """The platforms of config/video.yaml that are on. Raises ConfigError."""
    return [platform for platform in load_video(ADAPTERS).values() if platform.enabled]


def make_platforms(folder: Path | None, configs: Iterable[PlatformConfig] | None = None) -> dict[str, VideoPlatform]:
    """The platforms of `configs` (those of config/video.yaml that are on, when None) by name. `folder`: the city pack's.

    Raises ConfigError for what an adapter or a secret's place does not allow.
    """
    return {one.name: make_platform(one, folder) for one in (configured() if configs is None else configs)}


def make_platform(config: PlatformConfig, folder: Path | None) -> VideoPlatform:
    """One platform. Nothing is asked of it yet. Raises ConfigError."""
    secrets = read_secrets("video.yaml", config.name, config.secrets)
    return ADAPTERS[config.adapter](PlatformSetup(config.name, config.datum, config.timeout_s, config.settings, secrets, folder))
