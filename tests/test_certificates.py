"""Browsers that trust the city's authority accept the certificate that `make cert` made."""

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime

import pytest

from data_adapters.certificates import main, make_certificate


@pytest.mark.parametrize("host", ["ioc.example", "127.0.0.1", "localhost"])
def test_client_that_trusts_the_authority_accepts_the_host(tmp_path, host):
    certificate, key = make_certificate("ioc.example", tmp_path, datetime.now(UTC))
    assert stat.S_IMODE(key.stat().st_mode) == stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(certificate, key)
    ours, theirs = socket.socketpair()
    server = threading.Thread(target=lambda: served.wrap_socket(theirs, server_side=True).recv(1))
    server.start()
    with ssl.create_default_context(cafile=str(tmp_path / "ca.pem")).wrap_socket(ours, server_hostname=host) as client:
        client.send(b"x")
    server.join(5)


def test_second_host_gets_a_certificate_of_the_same_authority(tmp_path):
    make_certificate("a.example", tmp_path, datetime.now(UTC))
    authority = (tmp_path / "ca.pem").read_bytes()
    certificate, _ = make_certificate("b.example", tmp_path, datetime.now(UTC))
    assert (tmp_path / "ca.pem").read_bytes() == authority
    assert authority in certificate.read_bytes()


def test_command_without_a_host_says_how_to_use_it(capsys):
    assert main([]) == 2
    assert "HOST" in capsys.readouterr().err
