"""`launch.py ARGUMENTS`: SGLang's own server on a CPU without AMX tiles, its kernels taken from the shim.

Changed in SGLang: it is told that this CPU has AMX, else it turns away the only CPU attention backend that can verify
drafts. And where APPLYWEB_TEST_FORK is set its processes are forked rather than spawned: each would take 15 seconds to
import what the first one has. The server ends with the process whose id is in APPLYWEB_TEST_PROCESS, however that ends.
With APPLYWEB_TEST_DRAFTS each step of the apply draft adds a line to that file: requests in the batch, requests kept.
Runs in the server's environment; knows nothing of the tests.
"""

import multiprocessing
import os
import select
import signal
import sys
import threading


def end_with(process: int) -> None:
    """SGLang's other processes end with this one by themselves."""
    handle = os.pidfd_open(process)

    def watch() -> None:
        select.select([handle], [], [])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def fork_always() -> None:
    """SGLang asks for "spawn", as CUDA needs it."""
    multiprocessing.set_start_method("fork")
    multiprocessing.set_start_method = lambda *_, **__: None


def note_drafts(file: str) -> None:
    from applyweb.serving.apply_draft.requests import Requests

    own = Requests.drafts

    def drafts(self, rows, width):
        found = own(self, rows, width)
        with open(file, "a") as sink:
            sink.write(f"{len(rows)} {len(self)}\n")
        return found

    Requests.drafts = drafts


if __name__ == "__main__":
    os.environ.setdefault("SGLANG_USE_CPU_ENGINE", "1")
    if watched := os.environ.get("APPLYWEB_TEST_PROCESS"):
        end_with(int(watched))
    if os.environ.get("APPLYWEB_TEST_FORK"):
        fork_always()
        if noted := os.environ.get("APPLYWEB_TEST_DRAFTS"):
            note_drafts(noted)  # the forked processes have it from this one
    from sglang.srt import runtime_context

    runtime_context._PLATFORM._install(has_amx=True)
    from sglang.launch_server import run_server
    from sglang.srt.plugins import load_plugins
    from sglang.srt.server_args import prepare_server_args
    from sglang.srt.utils import kill_process_tree

    load_plugins()  # as SGLang's own launcher does, before it reads the arguments
    arguments = prepare_server_args(sys.argv[1:])
    try:
        run_server(arguments)
    finally:
        kill_process_tree(os.getpid(), include_parent=False)
