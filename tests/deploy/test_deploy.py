"""The deployment files fit their schemas, and keep what docs/operate.md promises."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase
from rasa.core.utils import AvailableEndpoints

from ketaguide.channels.web.options import Options

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
TOOLS = PROJECT / ".venv-tools" / "bin"
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
METRICS = re.compile(r"ketaguide_[a-z_]+")
SECRET = re.compile(r"^\s*-?\s*\w*(?:PASSWORD|SECRET|TOKEN)\s*[:=]\s*['\"]?[A-Za-z0-9+/]{8,}")


def tool(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    assert (TOOLS / name).exists(), "The checking tools are missing; `make test` installs them (tools/setup_tools.sh)."
    return subprocess.run([str(TOOLS / name), *words], capture_output=True, text=True)


def objects() -> List[Dict[str, Any]]:
    return [document for path in MANIFESTS for document in yaml.safe_load_all(path.read_text()) if document]


def pods() -> Iterator[Dict[str, Any]]:
    """Yields the description of each pod in the manifests."""
    for document in objects():
        spec = document.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield {
                "name": document["metadata"]["name"],
                **spec["template"]["spec"],
                "meta": spec["template"]["metadata"],
            }


def test_manifests_fit_the_schema_of_kubernetes_and_the_check_can_fail(tmp_path: Path) -> None:
    done = tool("kubernetes-validate", "--strict", *map(str, MANIFESTS))
    assert done.returncode == 0, done.stderr + done.stdout
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((DEPLOY / "kubernetes" / "redis.yaml").read_text().replace("replicas: 1", "replica: 1"))
    assert tool("kubernetes-validate", "--strict", str(wrong)).returncode != 0


def test_compose_fits_its_schema_and_the_check_can_fail(tmp_path: Path) -> None:
    compose = DEPLOY / "compose" / "compose.yaml"
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = tool("check-jsonschema", *schema, str(compose))
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(compose.read_text().replace("restart: unless-stopped", "restarts: unless-stopped"))
    assert tool("check-jsonschema", *schema, str(wrong)).returncode != 0


def test_every_manifest_is_part_of_what_is_applied() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == [path.name for path in MANIFESTS]


def test_no_container_runs_as_root_or_writes_to_its_own_file_system() -> None:
    assert len(list(pods())) >= 5
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True, pod["name"]
        assert pod["automountServiceAccountToken"] is False, pod["name"]
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] is True, pod["name"]
            assert rights["allowPrivilegeEscalation"] is False, pod["name"]
            assert rights["capabilities"] == {"drop": ["ALL"]}, pod["name"]
            assert "memory" in container["resources"]["limits"], pod["name"]


def test_each_pod_is_behind_a_network_policy_and_only_the_assistant_is_public() -> None:
    policies = [document for document in objects() if document["kind"] == "NetworkPolicy"]
    everything = [policy for policy in policies if policy["spec"]["podSelector"] == {}]
    assert any(set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"} for policy in everything)
    ingresses = [document for document in objects() if document["kind"] == "Ingress"]
    backends = [path for one in ingresses for rule in one["spec"]["rules"] for path in rule["http"]["paths"]]
    assert {path["backend"]["service"]["name"] for path in backends} == {"assistant"}
    assert all(path["path"].startswith("/webhooks/") for path in backends)
    assert {"operations"} not in [set(path["backend"]["service"]["port"].values()) for path in backends]


def test_secrets_are_nowhere_in_the_files() -> None:
    assert not [document for document in objects() if document["kind"] == "Secret"]
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            for line in path.read_text().splitlines():
                assert not re.match(
                    r"^\s*-?\s*(?:\w*(?:PASSWORD|SECRET|TOKEN))\s*[:=]\s*['\"]?[A-Za-z0-9+/]{8,}", line
                ), path


def test_the_endpoints_in_the_files_are_those_that_the_assistant_reads(tmp_path: Path) -> None:
    settings = next(one for one in objects() if one["metadata"]["name"] == "ketaguide-endpoints")["data"]
    (tmp_path / "endpoints.yml").write_text(settings["endpoints.yml"])
    ours = yaml.safe_load((PROJECT / "endpoints.yml").read_text())
    for file in (tmp_path / "endpoints.yml", DEPLOY / "compose" / "endpoints.yml"):
        read = AvailableEndpoints.read_endpoints(str(file))
        assert read.action.url == "http://actions:5055/webhook"
        for name in ("nlg", "tracker_store", "lock_store"):
            assert yaml.safe_load(file.read_text())[name] == ours[name], f"{file}: {name}"
    credentials = yaml.safe_load(settings["credentials.yml"])
    options = Options.read(credentials["ketaguide.channels.web.WebInput"])
    assert (options.demo, options.trusted_proxies) == (False, 1)


def test_the_image_runs_as_nobody_in_particular_and_checks_itself() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001", last, re.M)
    assert "HEALTHCHECK" in last
    assert "/ready" in last
    for copied in re.findall(r"^COPY ((?:--\S+ )*)(.+) \S+$", text, re.M):
        for source in copied[1].split():
            assert "--from" in copied[0] or (PROJECT / source).exists(), source


def test_units_are_what_systemd_understands(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd on this machine")
    for unit in (DEPLOY / "systemd").iterdir():
        text = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit.read_text(), flags=re.M)
        (tmp_path / unit.name).write_text(re.sub(r"^User=.*$", "User=root", text, flags=re.M))
    units = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "ketaguide" in line]
    assert not complaints


def test_alerts_and_dashboard_ask_for_metrics_that_exist() -> None:
    from ketaguide.serving import metrics

    known = set()
    for metric in (value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)):
        for family in metric.describe():
            known |= {family.name, f"{family.name}_total", f"{family.name}_bucket", f"{family.name}_count"}
    rules = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yml").read_text())["groups"][0]["rules"]
    dashboard = json.loads((DEPLOY / "monitoring" / "grafana-dashboard.json").read_text())
    asked = [rule["expr"] for rule in rules] + [t["expr"] for panel in dashboard["panels"] for t in panel["targets"]]
    used = {name for expression in asked for name in METRICS.findall(expression)}
    assert len(used) >= 6
    assert used <= known
    assert all({"summary", "action"} <= set(rule["annotations"]) for rule in rules)
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
