"""`convert_model.py GGUF FOLDER`: write a GGUF model as plain bfloat16 weights with its tokenizer.

Runs in the converter's own environment; knows nothing of the tests.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main(gguf: Path, target: Path) -> None:
    source = str(gguf.parent)
    weights = AutoModelForCausalLM.from_pretrained(source, gguf_file=gguf.name, dtype=torch.bfloat16)
    weights.save_pretrained(target)
    AutoTokenizer.from_pretrained(source, gguf_file=gguf.name).save_pretrained(target)
    # Only tokenizer.json is right after the conversion: the slow tokenizer's file must go, and the generic fast
    # class must be named, else the server's newer transformers builds another tokenizer.
    (target / "tokenizer.model").unlink(missing_ok=True)
    path = target / "tokenizer_config.json"
    config = json.loads(path.read_text())
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    config.pop("add_bos_token", None)
    path.write_text(json.dumps(config, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
