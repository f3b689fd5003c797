// Work that shows what a device reaches. What is computed is stored only if it is what it never is, so that the compiler cannot
// leave the work out and the stores cost nothing.

#include "common.cuh"

#define CHAINS 16

// Multiply-adds that wait for nothing but the ones before them in their own chain.
extern "C" __global__ void multiply_adds(float *sink, float factor, extent iterations) {
    float sums[CHAINS];
    for (int chain = 0; chain < CHAINS; chain++) {
        sums[chain] = (float)(threadIdx.x + chain);
    }
    for (extent i = 0; i < iterations; i++) {
#pragma unroll
        for (int chain = 0; chain < CHAINS; chain++) {
            sums[chain] = fmaf(sums[chain], factor, factor);
        }
    }
    float sum = 0.0f;
    for (int chain = 0; chain < CHAINS; chain++) {
        sum += sums[chain];
    }
    if (sum == -1.0f) {
        sink[(extent)blockIdx.x * blockDim.x + threadIdx.x] = sum;
    }
}

extern "C" __global__ void read_array(const float *source, float *sink, extent n) {
    const float4 *vectors = (const float4 *)source;
    float sum = 0.0f;
    FOR_EACH(i, n / 4) {
        float4 four = vectors[i];
        sum += four.x + four.y + four.z + four.w;
    }
    if (sum == -1.0f) {
        sink[(extent)blockIdx.x * blockDim.x + threadIdx.x] = sum;
    }
}

extern "C" __global__ void write_array(float *destination, float value, extent n) {
    float4 *vectors = (float4 *)destination;
    FOR_EACH(i, n / 4) {
        vectors[i] = make_float4(value, value, value, value);
    }
}

extern "C" __global__ void triad(float *a, const float *b, float q, const float *c, extent n) {
    float4 *result = (float4 *)a;
    const float4 *first = (const float4 *)b;
    const float4 *second = (const float4 *)c;
    FOR_EACH(i, n / 4) {
        float4 x = first[i];
        float4 y = second[i];
        result[i] = make_float4(x.x + q * y.x, x.y + q * y.y, x.z + q * y.z, x.w + q * y.w);
    }
}
