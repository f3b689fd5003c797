/**
 * NVIDIA GPUs: float32 tensors in the device's memory, products by cuBLAS, and kernels in CUDA C between them, which NVRTC
 * compiles for the device at hand. Work goes to one stream in the order of the pass; events of the device time it.
 */
@NullMarked
package dev.flopscope.backend.cuda;

import org.jspecify.annotations.NullMarked;
