"""Writes MiniLM as an ONNX file of fused operators, with weights of 8 bits; needed for training only.

The operators are those that ONNX Runtime has for encoders (domain com.microsoft): a message costs less than half of
what the graph costs that a converter makes of the published model.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

LAYERS = 6
HEADS = 12
EPSILON = 1e-12
# More places than the encoder ever reads tokens.
POSITIONS = 128
_FUSED = "com.microsoft"

# The published tensors by name: arrays of float32; dense kernels have the shape (outputs, inputs).
Weights = Mapping[str, np.ndarray]
# Kernel (inputs, outputs) and bias (outputs).
Head = Tuple[np.ndarray, np.ndarray]


def write_minilm(target: Path, weights: Weights, head: Optional[Head] = None) -> None:
    """Writes the encoder.

    Takes `input_ids` and `attention_mask`, both int32 of shape (texts, tokens). Gives one float32 row per text: the
    mean of its token vectors, of length 1; with a head, that mean through the head.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        full = Path(scratch) / "full.onnx"
        onnx.save(_Graph(weights).finish(head), str(full))
        # Per channel keeps the cosine to 32 bit at 0.99 (0.96 without); the reduced range keeps processors without
        # VNNI from overflowing, so that every machine computes the same.
        quantize_dynamic(
            str(full),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )


class _Graph:
    """The graph as it grows, node by node."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: List[Any] = []
        self._constants: Dict[str, Any] = {}

    def finish(self, head: Optional[Head]) -> Any:
        """Returns the whole model."""
        states = self._embedded()
        for number in range(LAYERS):
            states = self._layer(number, states)
        mean = self._mean(states)
        if head is None:
            self._node("LpNormalization", [mean], "output", axis=1, p=2)
            width = self._weights["embeddings.LayerNorm.weight"].size
        else:
            self._node("Gemm", [mean, self._constant("head", head[0]), self._constant("bias", head[1])], "output")
            width = head[1].size
        inputs = [_described(name, TensorProto.INT32, "tokens") for name in ("input_ids", "attention_mask")]
        outputs = [_described("output", TensorProto.FLOAT, width)]
        graph = helper.make_graph(self._nodes, "minilm", inputs, outputs, list(self._constants.values()))
        operators = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=operators, ir_version=8)
        # The quantizer would warn that the operators are not fused.
        helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
        return model

    def _embedded(self) -> str:
        words = self._published("embeddings.word_embeddings.weight")
        # Every token is of the first type.
        first = self._weights["embeddings.token_type_embeddings.weight"][0]
        places = self._constant("places", self._weights["embeddings.position_embeddings.weight"][:POSITIONS] + first)
        norm = self._norm("embeddings.LayerNorm")
        self._nodes.append(
            helper.make_node(
                "EmbedLayerNormalization",
                ["input_ids", "", words, places, "", *norm, "attention_mask"],
                ["embedded", "lengths"],
                domain=_FUSED,
                epsilon=EPSILON,
            )
        )
        return "embedded"

    def _layer(self, number: int, states: str) -> str:
        layer = f"encoder.layer.{number}"
        parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        kernel = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        attention = [states, self._constant(f"{layer}.qkv", kernel), self._constant(f"{layer}.qkv_bias", bias)]
        heard = self._fused("Attention", [*attention, "attention_mask"], f"{layer}.heard", num_heads=HEADS)
        attended = self._dense(f"{layer}.attention.output.dense", heard)
        states = self._added(f"{layer}.attention.output", attended, states)
        wide = self._dense(f"{layer}.intermediate.dense", states)
        bent = self._fused("BiasGelu", [wide, self._published(f"{layer}.intermediate.dense.bias")], f"{layer}.bent")
        return self._added(f"{layer}.output", self._dense(f"{layer}.output.dense", bent), states)

    def _dense(self, name: str, states: str) -> str:
        kernel = self._constant(f"{name}.kernel", self._weights[f"{name}.weight"].T)
        return self._node("MatMul", [states, kernel], f"{name}.product")

    def _added(self, name: str, product: str, skipped: str) -> str:
        inputs = [product, skipped, *self._norm(f"{name}.LayerNorm"), self._published(f"{name}.dense.bias")]
        return self._fused("SkipLayerNormalization", inputs, f"{name}.states", epsilon=EPSILON)

    def _norm(self, name: str) -> List[str]:
        return [self._published(f"{name}.weight"), self._published(f"{name}.bias")]

    def _mean(self, states: str) -> str:
        first, last = self._constant("first", np.array([1])), self._constant("last", np.array([2]))
        mask = self._node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
        column = self._node("Unsqueeze", [mask, last], "mask_column")
        seen = self._node("Mul", [states, column], "seen")
        total = self._node("ReduceSum", [seen, first], "total", keepdims=0)
        return self._node("Div", [total, self._node("ReduceSum", [mask, first], "count", keepdims=1)], "mean")

    def _published(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, array: np.ndarray) -> str:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def _node(self, operator: str, inputs: List[str], output: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def _fused(self, operator: str, inputs: List[str], output: str, **attributes: Any) -> str:
        return self._node(operator, inputs, output, domain=_FUSED, **attributes)


def _described(name: str, kind: int, width: Union[int, str]) -> Any:
    return helper.make_tensor_value_info(name, kind, ["texts", width])
