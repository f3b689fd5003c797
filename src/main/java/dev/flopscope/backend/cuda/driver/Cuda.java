package dev.flopscope.backend.cuda.driver;

import java.util.List;

/**
 * CUDA as it is on this machine: the libraries, loaded, and the GPUs. Nothing is loaded before it is asked for, and what is loaded
 * stays so as long as this is held.
 */
public final class Cuda {
    /** The oldest driver whose functions are all there: CUDA 12.0, whose kernels NVRTC 12 makes. */
    private static final int OLDEST_DRIVER = 12_000;

    @SuppressWarnings("UnusedVariable") // is held, so that what it loaded stays loaded
    private final CudaLibraries libraries;

    private final int devices;

    private Cuda(CudaLibraries libraries, int devices) {
        this.libraries = libraries;
        this.devices = devices;
    }

    /**
     * Loads the driver, cuBLAS and NVRTC.
     *
     * @throws UnsatisfiedLinkError if one cannot be loaded; the message says what was looked for and where
     * @throws CudaException if there is no GPU, or the driver is too old
     */
    public static Cuda load() {
        CudaLibraries libraries = CudaLibraries.ofThisMachine();
        Device.load(libraries);
        int driver = Device.driver();
        if (driver < OLDEST_DRIVER) {
            throw new CudaException("NVIDIA's driver knows CUDA " + Device.words(driver)
                    + ", and this program needs one that knows " + Device.words(OLDEST_DRIVER));
        }
        KernelCompiler.load(libraries);
        Gemm.load(libraries);
        int devices = Device.count();
        if (devices == 0) {
            throw new CudaException("NVIDIA's driver finds no GPU");
        }
        return new Cuda(libraries, devices);
    }

    /** How many GPUs there are. */
    public int devices() {
        return devices;
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
            Closing.because(e, List.of(device::close));
            throw e;
        }
    }

    /** Starts cuBLAS for {@code device}; see {@link Gemm}. */
    public Gemm products(Device device, Gemm.Rounding rounding, long workspace, long workspaceBytes) {
        return Gemm.start(device, rounding, workspace, workspaceBytes);
    }
}
