"""Who may do what in the agent's folders on Windows."""

from __future__ import annotations

from machxa_agent.service.access import NAME, folders, service_sid


def test_a_services_sid_is_the_one_windows_gives_it() -> None:
    assert service_sid("TrustedInstaller") == "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"


def test_users_are_let_into_the_report_windows_folders_alone() -> None:
    agent = f"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;{service_sid(NAME)})"

    assert [(one.path, one.descriptor) for one in folders()] == [
        ("", agent),
        ("window", agent + "(A;OICI;0x1200a9;;;BU)"),
        ("window/drop", agent + "(A;;0x1000a2;;;BU)(A;OIIO;0x1301bf;;;CO)"),
    ]
