/**
 * NVIDIA's libraries as they lie on a machine with a GPU: the driver, cuBLAS and the run-time compiler NVRTC, bound by JNA.
 * Nothing of them is bundled. This room knows devices, memory, kernels and products by address, and nothing of models.
 */
@NullMarked
package dev.flopscope.backend.cuda.driver;

import org.jspecify.annotations.NullMarked;
