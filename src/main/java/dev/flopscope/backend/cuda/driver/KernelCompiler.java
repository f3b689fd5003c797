package dev.flopscope.backend.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** NVRTC: compiles CUDA C for one architecture while the program runs. */
final class KernelCompiler {
    private static final List<String> NAMES = List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so");
    private static final int COMPILATION_FAILED = 6;

    private KernelCompiler() {}

    /** Loads the compiler's library. */
    static void load(CudaLibraries libraries) {
        Nvrtc.bind(libraries.load("NVRTC, which compiles for the GPU,", NAMES, Optional.of("libnvrtc-builtins.so*")));
    }

    /** Its version, such as 13.0. */
    static String version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        check("nvrtcVersion", Nvrtc.nvrtcVersion(major, minor));
        return major[0] + "." + minor[0];
    }

    /**
     * Refuses an architecture that the compiler does not know.
     *
     * @throws CudaException with those that it knows
     */
    static void requireArchitecture(String architecture) {
        int[] count = new int[1];
        check("nvrtcGetNumSupportedArchs", Nvrtc.nvrtcGetNumSupportedArchs(count));
        int[] known = new int[count[0]];
        check("nvrtcGetSupportedArchs", Nvrtc.nvrtcGetSupportedArchs(known));
        List<String> names = new ArrayList<>();
        for (int number : known) {
            names.add("sm_" + number);
        }
        if (!names.contains(architecture)) {
            throw new CudaException("NVRTC " + version() + " does not compile for " + architecture + ", but for "
                    + String.join(", ", names));
        }
    }

    /**
     * Compiles a file.
     *
     * @param name of the file, for messages
     * @param source what is in it
     * @param headerName what it includes
     * @param header what is in that
     * @return code that the driver loads
     * @throws CudaException with the compiler's first error, its file and its line, if it does not compile
     */
    static byte[] compile(String name, String source, String headerName, String header, List<String> options) {
        long[] program = new long[1];
        try (Memory sourceText = text(source);
                Memory nameText = text(name);
                Memory headerText = text(header);
                Memory headerNameText = text(headerName);
                Memory headers = pointers(List.of(headerText));
                Memory headerNames = pointers(List.of(headerNameText))) {
            check(
                    "nvrtcCreateProgram",
                    Nvrtc.nvrtcCreateProgram(program, sourceText, nameText, 1, headers, headerNames));
        }
        try {
            return compiled(program[0], name, options);
        } finally {
            Nvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static byte[] compiled(long program, String name, List<String> options) {
        List<Memory> texts = options.stream().map(KernelCompiler::text).toList();
        try (Memory pointers = pointers(texts)) {
            int result = Nvrtc.nvrtcCompileProgram(program, options.size(), pointers);
            if (result == COMPILATION_FAILED) {
                throw new CudaException("NVRTC cannot compile " + name + ": " + firstError(log(program)));
            }
            check("nvrtcCompileProgram of " + name, result);
        } finally {
            texts.forEach(Memory::close);
        }
        long[] bytes = new long[1];
        check("nvrtcGetCUBINSize", Nvrtc.nvrtcGetCUBINSize(program, bytes));
        byte[] image = new byte[Math.toIntExact(bytes[0])];
        check("nvrtcGetCUBIN", Nvrtc.nvrtcGetCUBIN(program, image));
        return image;
    }

    private static String log(long program) {
        long[] bytes = new long[1];
        check("nvrtcGetProgramLogSize", Nvrtc.nvrtcGetProgramLogSize(program, bytes));
        byte[] log = new byte[Math.toIntExact(bytes[0])];
        check("nvrtcGetProgramLog", Nvrtc.nvrtcGetProgramLog(program, log));
        return new String(log, StandardCharsets.UTF_8);
    }

    private static String firstError(String log) {
        return log.lines()
                .filter(line -> line.contains("error"))
                .findFirst()
                .orElseGet(() -> log.lines().findFirst().orElse("no message"))
                .strip();
    }

    private static Memory text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    private static Memory pointers(List<Memory> texts) {
        Memory memory = new Memory((long) texts.size() * Long.BYTES);
        for (int text = 0; text < texts.size(); text++) {
            memory.setLong((long) text * Long.BYTES, Pointer.nativeValue(texts.get(text)));
        }
        return memory;
    }

    private static void check(String function, int result) {
        if (result != 0) {
            throw new CudaException("NVRTC failed: " + function + " returned " + Nvrtc.nvrtcGetErrorString(result)
                    + " (" + result + ")");
        }
    }
}
