package dev.flopscope.backend.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The kernels of files of CUDA C, compiled for one device. A file is compiled when the first of its kernels is asked for. */
public final class Kernels implements AutoCloseable {
    private static final String HEADER = "common.cuh";

    private final Device device;
    private final Function<String, String> sources;
    private final KernelCache cache = KernelCache.ofThisUser();
    private final Map<String, Long> modules = new HashMap<>();
    private final Map<String, Kernel> kernels = new HashMap<>();

    /**
     * Compiles nothing yet.
     *
     * @param device what the kernels run on
     * @param sources what is in a file of a name
     */
    public Kernels(Device device, Function<String, String> sources) {
        this.device = device;
        this.sources = sources;
    }

    /** What is in a resource that lies beside {@code place}. */
    public static String resource(Class<?> place, String name) {
        try (InputStream stream = place.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no resource " + name + " beside " + place.getName());
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A kernel.
     *
     * @param file where it is
     * @param name what it is called there
     * @throws CudaException if the file does not compile
     */
    public Kernel kernel(String file, String name) {
        Kernel known = kernels.get(name);
        if (known != null) {
            return known;
        }
        long[] function = new long[1];
        Device.check("cuModuleGetFunction of " + name, Driver.cuModuleGetFunction(function, module(file), name));
        Kernel kernel = new Kernel(device, function[0], name);
        kernels.put(name, kernel);
        return kernel;
    }

    private long module(String file) {
        Long known = modules.get(file);
        if (known != null) {
            return known;
        }
        String source = sources.apply(file);
        String header = sources.apply(HEADER);
        List<String> options = List.of("--gpu-architecture=" + device.architecture(), "--std=c++17", "--fmad=true");
        List<String> key = new ArrayList<>(List.of(KernelCompiler.version(), file, source, header));
        key.addAll(options);
        byte[] image = cache.get(key, () -> KernelCompiler.compile(file, source, HEADER, header, options));
        long[] module = new long[1];
        device.enter();
        Device.check("cuModuleLoadData of " + file, Driver.cuModuleLoadData(module, image));
        modules.put(file, module[0]);
        return module[0];
    }

    /** Unloads all kernels. */
    @Override
    public void close() {
        List<Runnable> steps = new ArrayList<>(List.of(device::enter));
        modules.values()
                .forEach(module -> steps.add(() -> Device.check("cuModuleUnload", Driver.cuModuleUnload(module))));
        modules.clear();
        kernels.clear();
        Closing.all(steps);
    }
}
