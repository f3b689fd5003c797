// Rotary positions (Su et al. 2021) of queries or keys.

#include "common.cuh"

// Turns column i of every head and the column `frequencies` further by the angle of the row's position, and multiplies all
// columns by `scale`. A thread takes both columns of a pair, or one that is not turned.
extern "C" __global__ void rotate(
        float *matrix,
        const float *cosines,
        const float *sines,
        extent rows,
        int queries,
        int past,
        int heads,
        int head_dim,
        int frequencies,
        float scale) {
    int parts = head_dim - frequencies;
    FOR_EACH(i, rows * heads * parts) {
        int part = (int)(i % parts);
        int head = (int)(i / parts % heads);
        extent row = i / parts / heads;
        float *columns = matrix + (row * heads + head) * head_dim;
        if (part < frequencies) {
            extent angle = (past + row % queries) * frequencies + part;
            float cosine = cosines[angle] * scale;
            float sine = sines[angle] * scale;
            float first = columns[part];
            float second = columns[part + frequencies];
            columns[part] = first * cosine - second * sine;
            columns[part + frequencies] = second * cosine + first * sine;
        } else {
            columns[part + frequencies] *= scale;
        }
    }
}
