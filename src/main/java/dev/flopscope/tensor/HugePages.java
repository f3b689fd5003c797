package dev.flopscope.tensor;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * Asks Linux to back a range with 2 MiB pages. Weights are read once a pass, front to back; with 4 KiB pages the first
 * touch of GPT-2 XL's 7.9 GiB is two million page faults.
 */
final class HugePages {
    private static final int MADV_HUGEPAGE = 14;
    private static final long PAGE = 4096;
    private static final long WORTH_IT = 4L << 20;

    private HugePages() {}

    /** Advises the whole pages inside the range; does nothing where that is not possible. Modifies no contents. */
    static void advise(long address, long bytes) {
        if (!Platform.isLinux() || bytes < WORTH_IT) {
            return;
        }
        long first = (address + PAGE - 1) / PAGE * PAGE;
        long length = (address + bytes) / PAGE * PAGE - first;
        // Advice that is refused costs speed only, so the answer does not matter.
        Function.getFunction("c", "madvise")
                .invokeInt(new Object[] {new Pointer(first), new NativeLong(length), MADV_HUGEPAGE});
    }
}
