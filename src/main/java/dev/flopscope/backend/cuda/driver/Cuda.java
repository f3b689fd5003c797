package dev.flopscope.backend.cuda.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * CUDA as it is on this machine: the libraries, loaded, and the GPUs. Nothing is loaded before it is asked for.
 *
 * @param devices how many GPUs there are
 */
public record Cuda(int devices) {
    /** The oldest driver whose functions are all there: CUDA 12.0, whose kernels NVRTC 12 makes. */
    private static final int OLDEST_DRIVER = 12_000;

    /**
     * Loads the driver, cuBLAS and NVRTC.
     *
     * @throws UnsatisfiedLinkError if one cannot be loaded; the message says what was looked for and where
     * @throws CudaException if there is no GPU, or the driver is too old
     */
    public static Cuda load() {
        CudaLibraries libraries = CudaLibraries.ofThisMachine();
        Device.load(libraries);
        int[] version = new int[1];
        Device.check("cuDriverGetVersion", Driver.cuDriverGetVersion(version));
        if (version[0] < OLDEST_DRIVER) {
            throw new CudaException("NVIDIA's driver knows CUDA " + version[0] / 1000 + "." + version[0] % 1000 / 10
                    + ", and this program needs one that knows 12.0");
        }
        KernelCompiler.load(libraries);
        Gemm.load(libraries);
        int devices = Device.count();
        if (devices == 0) {
            throw new CudaException("NVIDIA's driver finds no GPU");
        }
        return new Cuda(devices);
    }

    /** The version of the run-time compiler. */
    public String compilerVersion() {
        return KernelCompiler.version();
    }

    /** Takes the GPU of a number, from 0, into use. */
    public Device open(int number) {
        Device device = Device.open(number);
        try {
            KernelCompiler.requireArchitecture(device.architecture());
            return device;
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    /** The names of all GPUs. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int number = 0; number < devices; number++) {
            try (Device device = Device.open(number)) {
                names.add(device.name());
            }
        }
        return names;
    }

    /** Starts cuBLAS for {@code device}; see {@link Gemm}. */
    public Gemm products(Device device, boolean tf32, long workspace, long workspaceBytes) {
        return Gemm.start(device, tf32, workspace, workspaceBytes);
    }
}
