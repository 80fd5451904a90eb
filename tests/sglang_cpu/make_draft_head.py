"""`make_draft_head.py MODEL FOLDER`: an untrained EAGLE3 draft head that fits MODEL.

Its guesses are close to noise (about one token accepted a step): enough to run the real speculative path, and
nothing about speed can be learnt from it. Knows nothing of the tests.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

DRAFT_VOCABULARY = 4096


def main(model: Path, target: Path) -> None:
    torch.manual_seed(0)
    config = json.loads((model / "config.json").read_text())
    weights = load_file(model / "model.safetensors")
    target.mkdir(parents=True)
    save_file(head(config, weights), target / "model.safetensors", metadata={"format": "pt"})
    config |= {
        "architectures": ["LlamaForCausalLMEagle3"],
        "num_hidden_layers": 1,
        "tie_word_embeddings": False,
        "draft_vocab_size": DRAFT_VOCABULARY,
    }
    (target / "config.json").write_text(json.dumps(config))
    for path in model.glob("*token*.json"):
        shutil.copy(path, target)


def head(config: dict, weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """One decoder layer over [embedding; hidden], a projection of three hidden states, a reduced output vocabulary."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    heads = config["num_attention_heads"]
    size = config.get("head_dim") or hidden // heads
    key_value = config["num_key_value_heads"] * size

    def noise(rows: int, columns: int) -> torch.Tensor:
        return (torch.randn(rows, columns) * 0.02).to(torch.bfloat16)

    def ones() -> torch.Tensor:
        return torch.ones(hidden, dtype=torch.bfloat16)

    # The projection passes the last hidden state through, so that the head sees something of the text.
    project = torch.zeros(hidden, 3 * hidden, dtype=torch.bfloat16)
    project[:, 2 * hidden :] = torch.eye(hidden)
    in_draft = torch.zeros(config["vocab_size"], dtype=torch.bool)
    in_draft[:DRAFT_VOCABULARY] = True
    return {
        "fc.weight": project,
        "midlayer.self_attn.q_proj.weight": noise(heads * size, 2 * hidden),
        "midlayer.self_attn.k_proj.weight": noise(key_value, 2 * hidden),
        "midlayer.self_attn.v_proj.weight": noise(key_value, 2 * hidden),
        "midlayer.self_attn.o_proj.weight": noise(hidden, heads * size),
        "midlayer.mlp.gate_proj.weight": noise(inner, hidden),
        "midlayer.mlp.up_proj.weight": noise(inner, hidden),
        "midlayer.mlp.down_proj.weight": noise(hidden, inner),
        "midlayer.input_layernorm.weight": ones(),
        "midlayer.hidden_norm.weight": ones(),
        "midlayer.post_attention_layernorm.weight": ones(),
        "norm.weight": weights["model.norm.weight"].clone(),
        "lm_head.weight": weights["model.embed_tokens.weight"][:DRAFT_VOCABULARY].clone(),
        "d2t": torch.zeros(DRAFT_VOCABULARY, dtype=torch.int64),
        "t2d": in_draft,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
