"""Writes tiny checkpoints of random weights by Hugging Face's transformers, and the logits that it gives for them in float64.

Usage: python3 reference_logits.py FOLDER
Each checkpoint is a folder with config.json, one or several .safetensors files and expected.json: tokens, last (the logits after the
last token), argmax of every position, smallest_margin, sum and l2 (the root of the sum of squares) over all logits, parameters.
"""
import json, os, sys
import torch, transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

COMMON = dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=3, num_attention_heads=4,
              num_key_value_heads=2, max_position_embeddings=64, rms_norm_eps=1e-6)
EXPERTS = dict(moe_intermediate_size=12, num_experts_per_tok=2)
MLA = dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4,
           max_position_embeddings=64, q_lora_rank=14, kv_lora_rank=12, qk_nope_head_dim=10, qk_rope_head_dim=8, v_head_dim=10,
           moe_intermediate_size=12, n_routed_experts=8, n_shared_experts=1, num_experts_per_tok=2, first_k_dense_replace=1)

def rope(kind, **more):
    return dict(rope_scaling=dict(rope_type=kind, **more))

CASES = {
    # families beside those that have fixtures already
    "gemma2-tiny": ("gemma2", dict(COMMON, head_dim=10, query_pre_attn_scalar=20, sliding_window=6, hidden_activation="gelu_pytorch_tanh"), "bfloat16"),
    "gemma3-tiny": ("gemma3_text", dict(COMMON, head_dim=8, num_hidden_layers=7, query_pre_attn_scalar=20, sliding_window=6), "bfloat16"),
    "olmo2-tiny": ("olmo2", dict(COMMON), "bfloat16"),
    "gpt-neox-tiny": ("gpt_neox", dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=3, num_attention_heads=4,
                      max_position_embeddings=64, rotary_pct=0.5), "bfloat16"),
    "gpt-neox-serial-tiny": ("gpt_neox", dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=2,
                      max_position_embeddings=64, rotary_pct=1.0, use_parallel_residual=False, attention_bias=False), "float16"),
    "qwen2-moe-tiny": ("qwen2_moe", dict(COMMON, **EXPERTS, num_experts=6, shared_expert_intermediate_size=32, decoder_sparse_step=2), "bfloat16"),
    "deepseek-v2-tiny": ("deepseek_v2", dict(MLA, topk_method="greedy", topk_group=None, n_group=None, norm_topk_prob=False), "bfloat16"),
    "deepseek-v2-lite-tiny": ("deepseek_v2", dict(MLA, q_lora_rank=None, topk_method="group_limited_greedy", topk_group=2, n_group=4,
                         routed_scaling_factor=1.5), "bfloat16"),
    "deepseek-v3-tiny": ("deepseek_v3", dict(MLA, topk_group=2, n_group=4, norm_topk_prob=True, routed_scaling_factor=2.5), "float32"),
    "gpt-oss-tiny": ("gpt_oss", dict(COMMON, num_hidden_layers=4, num_attention_heads=6, head_dim=12, intermediate_size=16,
                     sliding_window=5, num_local_experts=6, num_experts_per_tok=3, rope_parameters=dict(rope_type="yarn",
                     rope_theta=150000.0, factor=4.0, beta_fast=32.0, beta_slow=1.0, truncate=False,
                     original_max_position_embeddings=16)), "bfloat16"),
    # the same families otherwise
    "llama-tied-tiny": ("llama", dict(COMMON, num_key_value_heads=1, tie_word_embeddings=True, head_dim=20, attention_bias=True, mlp_bias=True), "bfloat16"),
    "llama-newrope-tiny": ("llama", dict(COMMON, num_key_value_heads=4, rope_parameters=dict(rope_type="default", rope_theta=500.0)), "float16"),
    "llama-linear-tiny": ("llama", dict(COMMON, **rope("linear", factor=4.0)), "bfloat16"),
    "llama-dynamic-tiny": ("llama", dict(COMMON, max_position_embeddings=16, **rope("dynamic", factor=2.0)), "bfloat16"),
    "llama-yarn-tiny": ("llama", dict(COMMON, **rope("yarn", factor=4.0, original_max_position_embeddings=16)), "bfloat16"),
    "llama-yarn-mscale-tiny": ("llama", dict(COMMON, **rope("yarn", factor=8.0, original_max_position_embeddings=8, beta_fast=16.0, beta_slow=2.0,
                         mscale=1.0, mscale_all_dim=0.5)), "bfloat16"),
    "phi3-longrope-tiny": ("phi3", dict(COMMON, max_position_embeddings=64, original_max_position_embeddings=16, pad_token_id=0,
                         rope_scaling=dict(rope_type="longrope", short_factor=[1.0, 1.1, 1.2, 1.3], long_factor=[1.5, 2.0, 4.0, 8.0])), "bfloat16"),
    "phi3-partial-tiny": ("phi3", dict(COMMON, partial_rotary_factor=0.5, sliding_window=7, pad_token_id=0), "bfloat16"),
    "mistral-nowindow-tiny": ("mistral", dict(COMMON, sliding_window=None, head_dim=8), "float16"),
    "qwen2-window-tiny": ("qwen2", dict(COMMON, num_hidden_layers=4, use_sliding_window=True, sliding_window=5, max_window_layers=2), "bfloat16"),
    "qwen3-window-tiny": ("qwen3", dict(COMMON, head_dim=20, use_sliding_window=True, sliding_window=5, max_window_layers=1, tie_word_embeddings=True), "bfloat16"),
    "qwen3-moe-mixed-tiny": ("qwen3_moe", dict(COMMON, **EXPERTS, head_dim=16, num_experts=5, decoder_sparse_step=1, mlp_only_layers=[1], norm_topk_prob=False), "float32"),
    "mixtral-window-tiny": ("mixtral", dict(COMMON, num_local_experts=3, num_experts_per_tok=1, sliding_window=6), "bfloat16"),
    "gpt2-wide-tiny": ("gpt2", dict(vocab_size=64, n_positions=64, n_embd=30, n_layer=2, n_head=5, n_inner=50, tie_word_embeddings=False), "float16"),
}

TYPES = dict(float32=torch.float32, float16=torch.float16, bfloat16=torch.bfloat16)

def stored_tensors(model):
    """Parameters, and the one kind of buffer that files have and passes read."""
    return list(model.parameters()) + [buffer for name, buffer in model.named_buffers() if "e_score" in name]

def randomise(model, generator):
    with torch.no_grad():
        for name, parameter in list(model.named_parameters()) + [(n, b) for n, b in model.named_buffers() if "e_score" in n]:
            noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            if parameter.dim() == 1 and "norm" in name.lower() and not name.endswith("bias"):
                base = torch.zeros_like(noise) if model.config.model_type.startswith("gemma") else torch.ones_like(noise)
                value = base + 0.2 * noise
            elif name.endswith("sinks"):
                value = 1.5 * noise
            elif name.endswith("experts.gate_up_proj") and model.config.model_type == "gpt_oss":
                value = noise * (5.0 / parameter.shape[-2] ** 0.5)  # so that gates and their factors reach the limit of 7
            elif parameter.dim() == 1:
                value = 0.3 * noise
            else:
                value = noise * (0.7 / parameter.shape[-1] ** 0.5)
            parameter.data = value

def write(folder, name, kind, options, dtype):
    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, **options)
    config._attn_implementation = "eager"
    if hasattr(config, "_experts_implementation"):
        config._experts_implementation = "eager"
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float64, attn_implementation="eager").double().eval()
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    randomise(model, generator)
    stored = TYPES[dtype]
    with torch.no_grad():
        for parameter in stored_tensors(model):
            parameter.data = parameter.data.to(stored).double()
    length = 40 if "longrope" in name or "dynamic" in name else 26
    tokens = torch.randint(0, config.vocab_size, (1, length), generator=generator)
    with torch.no_grad():
        logits = model(input_ids=tokens, use_cache=False).logits[0].double()
    top = torch.topk(logits, 2, dim=-1).values
    place = os.path.join(folder, name)
    os.makedirs(place, exist_ok=True)
    copy = model.to(stored)
    copy.config.dtype = dtype
    copy.save_pretrained(place, max_shard_size="20KB" if "moe" in name or "tied" in name else "100MB")
    for extra in ("generation_config.json",):
        path = os.path.join(place, extra)
        if os.path.exists(path):
            os.remove(path)
    expected = dict(tokens=tokens[0].tolist(), last=logits[-1].tolist(), argmax=logits.argmax(-1).tolist(),
                    smallest_margin=float((top[:, 0] - top[:, 1]).min()), sum=float(logits.sum()), l2=float(logits.norm()),
                    parameters=sum(p.numel() for p in stored_tensors(model)))
    with open(os.path.join(place, "expected.json"), "w") as file:
        json.dump(expected, file)
    print(name, expected["parameters"], "margin", expected["smallest_margin"], "l2", expected["l2"])

folder = sys.argv[1]
print("transformers", transformers.__version__, "torch", torch.__version__)
for name, (kind, options, dtype) in CASES.items():
    if len(sys.argv) > 2 and name not in sys.argv[2:]:
        continue
    try:
        write(folder, name, kind, options, dtype)
    except Exception as problem:
        print(name, "FAILED", type(problem).__name__, str(problem)[:300])
