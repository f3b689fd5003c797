// Non-linearities of feed-forward networks, and their products with gates.

#include "common.cuh"

// The numbers that the host gives them.
enum { SILU, GELU_TANH, GELU, QUICK_GELU };

static __device__ __forceinline__ float activated(int activation, float x) {
    switch (activation) {
        case SILU:
            return x / (1.0f + expf(-x));
        case GELU_TANH:
            // (1 + tanh(u)) / 2 is 1 / (1 + exp(-2u)), which keeps its digits where u is far below 0; 1.59576... is 2 sqrt(2 / pi)
            // (Hendrycks and Gimpel 2016).
            return x / (1.0f + expf(-1.5957691216057308f * (x + 0.044715f * x * x * x)));
        case GELU:
            // 0.70710... is sqrt(1 / 2): x times the normal distribution's function. erfc keeps its digits where x is far below 0.
            return 0.5f * x * erfcf(-x * 0.7071067811865476f);
        default:
            return x / (1.0f + expf(-1.702f * x));
    }
}

extern "C" __global__ void activate(int activation, float *matrix, extent n) {
    FOR_EACH(i, n) {
        matrix[i] = activated(activation, matrix[i]);
    }
}

extern "C" __global__ void gate(int activation, float *gate, const float *up, extent n) {
    FOR_EACH(i, n) {
        gate[i] = activated(activation, gate[i]) * up[i];
    }
}

// gate = min(gate, limit), up = clamp(up, -limit, limit) + 1 (OpenAI 2025, gpt-oss). fminf would drop NaN; comparisons keep it.
extern "C" __global__ void limit_gate(float *gate, float *up, float limit, extent n) {
    FOR_EACH(i, n) {
        gate[i] = gate[i] > limit ? limit : gate[i];
        float factor = up[i] > limit ? limit : up[i] < -limit ? -limit : up[i];
        up[i] = factor + 1.0f;
    }
}
