package dev.flopscope.backend.cpu.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Optional;

/** Memory that holds machine code: written first, then executable and no longer writable, as hardened kernels ask for. */
final class CodePage {
    private static final NativeLong BYTES = new NativeLong(4096);
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int NO_FILE = -1;

    private final Pointer memory;

    private CodePage(Pointer memory) {
        this.memory = memory;
    }

    /** Maps {@code code}, at most 4 KiB; empty where this is not Linux, or the system allows no such memory. */
    static Optional<CodePage> map(byte[] code) {
        if (!Platform.isLinux()) {
            return Optional.empty();
        }
        Pointer memory = Function.getFunction("c", "mmap").invokePointer(new Object[] {
            Pointer.NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, NO_FILE, new NativeLong(0)
        });
        if (Pointer.nativeValue(memory) == -1) {
            return Optional.empty();
        }
        CodePage page = new CodePage(memory);
        memory.write(0, code, 0, code.length);
        if (call("mprotect", memory, BYTES, PROT_READ | PROT_EXEC) != 0) {
            page.unmap();
            return Optional.empty();
        }
        return Optional.of(page);
    }

    Function function() {
        return Function.getFunction(memory);
    }

    void unmap() {
        call("munmap", memory, BYTES);
    }

    private static int call(String name, Object... arguments) {
        return Function.getFunction("c", name).invokeInt(arguments);
    }
}
