"""The command ``dmi-sim doctor``."""

from pathlib import Path

from dmi_sim.cli.console import ENVIRONMENT, OK, CommandResult


def doctor() -> CommandResult:
    """Examine this machine and installation."""
    from dmi_sim.doctor import Finding, diagnose

    def line(finding: Finding) -> str:
        mark = "ok  " if finding.ok else "BAD "
        return f"{mark} {finding.name}: {finding.value}{' -> ' * (not finding.ok)}{finding.remedy}"

    findings = tuple(diagnose(Path()))
    well = all(finding.ok for finding in findings)
    data = {"ok": well, "findings": [{**vars(finding), "ok": finding.ok} for finding in findings]}
    return CommandResult(
        "\n".join(map(line, findings)), data, exit_code=OK if well else ENVIRONMENT
    )
