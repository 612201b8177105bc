"""Visible checks of "The model as a service": run them with ``check("a6_t3")`` and so on.

They show what is meant, on the examples of the notebook. Marks come from hidden tests that start
real servers and ask for much more.
"""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.connection
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from course.checking import Answer, visible

ARTIFACT = {
    "format": 1,
    "version": "pumps-0",
    "features": ["temperature", "pressure"],
    "mean": [60.0, 4.0],
    "scale": [12.0, 0.5],
    "layers": [
        {"weights": [[0.5, -1.0], [0.25, 2.0]], "bias": [0.0, 0.1]},
        {"weights": [[1.0], [-2.0]], "bias": [0.3]},
    ],
}
PUMP = {"temperature": 72, "pressure": 4.0}


def small_model() -> dict[str, Any]:
    """Return the model of the example by hand."""
    layers = [(np.array(one["weights"]), np.array(one["bias"])) for one in ARTIFACT["layers"]]
    arrays = {name: np.array(ARTIFACT[name]) for name in ("mean", "scale")}
    return {
        "version": "pumps-0",
        "features": ["temperature", "pressure"],
        "layers": layers,
    } | arrays


@contextmanager
def artifact() -> Iterator[str]:
    """Give the path of a file with the artifact of the example, removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "artifact.json"
        path.write_text(json.dumps(ARTIFACT))
        yield str(path)


def must_be_close(got: Any, want: Any, what: str) -> None:
    """Demand numbers to about five digits, shape included."""
    assert got is not None, f"{what}: expected {want}, but nothing was returned (None)"
    found, wanted = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert found.shape == wanted.shape, f"{what}: expected shape {wanted.shape}, got {found.shape}"
    assert np.allclose(found, wanted, rtol=1e-3), f"{what}: expected {want}, got {got}"


@visible("a6_t1")
def prediction_follows_the_example_by_hand(answer: Answer) -> None:
    """A pump with 72 degrees and 4 bar fails with probability 0.8998."""
    got = answer.predict(small_model(), np.array([[72.0, 4.0]]))
    must_be_close(got, [0.8998], "predict")


@visible("a6_t1")
def the_file_reads_as_shown_and_comes_back(answer: Answer) -> None:
    """Saving the example gives the JSON of the text, and loading it gives the arrays again."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "artifact.json")
        answer.save_artifact(path, small_model())
        written = json.loads(Path(path).read_text())
        assert written == ARTIFACT, f"the file holds {written}"
        back = answer.load_artifact(path)
    must_be_close(back["scale"], ARTIFACT["scale"], "the scale that was loaded")


@visible("a6_t2")
def rows_follow_the_example_by_hand(answer: Answer) -> None:
    """The two pumps of the example become a matrix, whatever the order of their keys."""
    body = json.dumps({"rows": [PUMP, {"pressure": 3.1, "temperature": 55.5}]}).encode()
    got = answer.rows_of(body, ["temperature", "pressure"])
    must_be_close(got, [[72, 4], [55.5, 3.1]], "rows_of")


@visible("a6_t2")
def a_text_for_a_number_is_refused(answer: Answer) -> None:
    """The temperature "hot" is refused with 422, and the reason names it."""
    body = b'{"rows": [{"temperature": "hot", "pressure": 4.0}]}'
    refusal: Exception | None = None
    try:
        answer.rows_of(body, ["temperature", "pressure"])
    except NotImplementedError:
        raise
    except Exception as error:
        refusal = error
    status = getattr(refusal, "status", None)
    assert status == 422, f"Refused with status 422 was expected, and this is {refusal!r}"
    assert "temperature" in str(refusal), f"which feature? The reason is {refusal}"


@visible("a6_t3")
def the_example_is_answered(answer: Answer) -> None:
    """One pump, asked for over Flask's test client, gets 0.8998."""
    with artifact() as path:
        client = answer.create_app(path).test_client()
        reply = client.post("/predict", json={"rows": [PUMP]})
    assert reply.status_code == 200, f"status {reply.status_code}: {reply.text[:200]}"
    told = reply.get_json()
    assert told["version"] == "pumps-0", f"the version told is {told['version']!r}"
    must_be_close(told["probabilities"], [0.8998], "probabilities")


@visible("a6_t4")
def health_and_errors_answer(answer: Answer) -> None:
    """/health says alive, /break says 500 and nothing about the reason."""
    from course import practice_app

    client = answer.guard(practice_app(), lambda: False).test_client()
    assert client.get("/health").get_json() == {"status": "alive"}, "GET /health"
    assert client.get("/ready").status_code == 503, "GET /ready while it is not"
    broken = client.get("/break")
    assert broken.status_code == 500, f"/break gives {broken.status_code}"
    assert "error" in broken.get_json(), f"/break answers {broken.text[:200]}"


@visible("a6_t5")
def four_cores_get_nine_workers(answer: Answer) -> None:
    """On 4 cores the rule of thumb gives 9 workers, and patience is at least twice 20 s."""
    got = answer.gunicorn_settings(4, 20.0)
    assert isinstance(got, dict), f"a dict is expected, and this is {got!r}"
    assert got.get("workers") == 9, f"workers is {got.get('workers')}"
    assert got.get("timeout", 0) >= 40, f"timeout is {got.get('timeout')}"


@visible("a6_t6")
def one_line_is_answered(answer: Answer) -> None:
    """A server with one worker answers the line {"x": 3} with a line that holds the square, 9."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder) / "server"))
        listener.listen()
        trouble, theirs = multiprocessing.Pipe()
        fork = multiprocessing.get_context("fork")
        process = fork.Process(target=_serve, args=(answer, listener, theirs))
        process.start()
        try:
            got = _ask_line(str(Path(folder) / "server"), trouble)
        finally:
            process.terminate()
            process.join(2)
            process.kill()
    assert b'"square": 9' in got, f"a line with the square was expected, and this came: {got!r}"


def _serve(answer: Answer, listener: socket.socket, trouble: Any) -> None:
    from course import work

    try:
        answer.run_server(listener, work, 1, 1)
    except BaseException as error:
        trouble.send((type(error).__name__, str(error)))


def _ask_line(path: str, trouble: Any) -> bytes:
    """Send one line; return what comes back, or raise what run_server raised."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(b'{"x": 3}\n')
        ready = multiprocessing.connection.wait([client, trouble], timeout=5)
        if trouble in ready:
            name, text = trouble.recv()
            if name == "NotImplementedError":
                raise NotImplementedError(text)
            raise AssertionError(f"run_server raised {name}: {text}")
        return client.recv(1000) if ready else b"nothing for five seconds"


@visible("a6_t7")
def percentiles_follow_the_example_by_hand(answer: Answer) -> None:
    """Of 40, 10, 30, 20 the 50th percentile is 20 and the 51st is 30."""
    for q, want in ((50, 20), (51, 30), (99, 40)):
        must_be_close(answer.percentile([40, 10, 30, 20], q), want, f"percentile {q}")


@visible("a6_t7")
def batches_follow_the_example_by_hand(answer: Answer) -> None:
    """Five arrivals leave in three batches, at 0.01, 0.12 and 0.51 s."""
    got = answer.micro_batches([0.0, 0.01, 0.02, 0.5, 0.51], 2, 0.1)
    assert [list(members) for _, members in got] == [[0, 1], [2], [3, 4]], f"the batches are {got}"
    must_be_close([leaves for leaves, _ in got], [0.01, 0.12, 0.51], "when they leave")


@visible("a6_t8")
def three_requests_for_two_servers(answer: Answer) -> None:
    """Two servers take turns; who has finished is next."""
    balancer = answer.Balancer(["a", "b"])
    assert [balancer.pick(), balancer.pick()] == ["a", "b"], "the first two picks"
    balancer.finished("b")
    assert balancer.pick() == "b", "b has the fewest in hand"


@visible("a6_t9")
def a_valid_and_a_broken_request(answer: Answer) -> None:
    """The example is answered with 200, and half of it with 400."""
    with artifact() as path:
        client = answer.create_service(path).test_client()
        assert client.post("/predict", json={"rows": [PUMP]}).status_code == 200
        half = client.post("/predict", data=b'{"rows": [', content_type="application/json")
    assert half.status_code == 400, f"half a body gives {half.status_code}"
