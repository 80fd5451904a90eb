"""`launch.py ARGUMENTS`: SGLang's own server on a CPU without AMX tiles, its kernels taken from the shim.

The one thing changed in SGLang: it is told that this CPU has AMX, else it turns away the only CPU attention backend
that can verify drafts. Runs in the server's environment; knows nothing of the tests.
"""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("SGLANG_USE_CPU_ENGINE", "1")
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
