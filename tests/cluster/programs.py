"""What ``kubectl`` 1.32, ``helm`` 3 and ``docker`` with Compose 2 take, of what pages use."""

from tests.cluster.flags import Program, Verb

KUBECTL = Program(
    "kubectl",
    (
        Verb("apply", ("filename", "dry-run", "field-manager"), ("server-side",), most=0),
        Verb("create namespace", ("dry-run", "output"), least=1, most=1),
        Verb(
            "create secret generic",
            ("from-file", "from-literal", "from-env-file", "dry-run", "output"),
            least=1,
            most=1,
        ),
        Verb("create configmap", ("from-file", "dry-run", "output"), least=1, most=1),
        Verb("create job", ("from",), least=1, most=1),
        Verb("label", (), ("overwrite",), least=3),
        Verb("get", ("output", "selector"), ("show-labels", "no-headers"), least=1),
        Verb("describe", ("selector",), least=1),
        Verb("logs", ("tail", "container", "since", "selector"), ("follow", "previous"), 1, most=1),
        Verb("port-forward", ("address",), (), 2),
        Verb("rollout status", ("timeout",), ("watch",), 1, most=1),
        Verb("wait", ("for", "timeout", "selector"), (), 1, most=1),
    ),
    ("namespace", "context"),
    {
        "n": "namespace",
        "f": "filename",
        "o": "output",
        "l": "selector",
        "c": "container",
    },
)

HELM = Program(
    "helm",
    (
        Verb("repo add", (), ("force-update",), 2, most=2),
        Verb("repo update"),
        Verb(
            "upgrade",
            ("values", "version", "timeout", "set"),
            ("install", "wait", "create-namespace", "reuse-values", "reset-values", "dry-run"),
            2,
            most=2,
        ),
        Verb("list", (), ("all-namespaces",), most=0),
        Verb("history", ("max",), (), 1, most=1),
        Verb("rollback", ("timeout",), ("wait", "dry-run"), 1, most=2),
    ),
    ("namespace", "kube-context"),
    {"n": "namespace", "f": "values", "i": "install", "A": "all-namespaces"},
)

DOCKER = Program(
    "docker",
    (
        Verb("compose up", (), ("detach", "build", "wait", "no-build")),
        Verb("compose ps", ("format",), ("all",)),
        Verb("compose logs", ("tail", "since"), ("follow", "no-color")),
        Verb("compose kill", ("signal",), (), 1),
        Verb("compose stop", ("timeout",), (), 1),
        Verb("compose down", (), ("volumes", "remove-orphans")),
        Verb("build", ("tag", "build-arg"), ("pull", "no-cache"), 1, most=1),
        Verb("push", (), (), 1, most=1),
    ),
    ("file",),
    {"f": "file", "d": "detach", "s": "signal", "t": "tag"},
)

PROGRAMS = {one.name: one for one in (KUBECTL, HELM, DOCKER)}
