package dev.flopscope.cli;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/** What standard error is connected to. */
final class Terminal {
    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** Whether a person sees standard error as it is written. Java itself only tells of input and output together. */
    static boolean showsStandardError() {
        return !Platform.isWindows()
                && Function.getFunction("c", "isatty").invokeInt(new Object[] {STANDARD_ERROR}) == 1;
    }
}
