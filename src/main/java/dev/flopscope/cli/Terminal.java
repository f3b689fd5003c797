package dev.flopscope.cli;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Whether a person sees what is printed, and how wide it may be. */
final class Terminal {
    static final int STANDARD_ERROR = 2;
    private static final int STANDARD_OUTPUT = 1;
    private static final int LEAST_COLUMNS = 80;
    private static final int MOST_COLUMNS = 120;

    private Terminal() {}

    /** Whether a person sees {@code descriptor} as it is written. Java itself only tells of input and output together. */
    static boolean shows(int descriptor) {
        return !Platform.isWindows() && Function.getFunction("c", "isatty").invokeInt(new Object[] {descriptor}) == 1;
    }

    /** A help text as wide as the terminal, from 80 columns to 120, beyond which lines are hard to read. */
    static Help help(CommandSpec command, ColorScheme colors) {
        UsageMessageSpec usage = command.usageMessage();
        int columns = shows(STANDARD_OUTPUT) ? usage.autoWidth(true).width() : LEAST_COLUMNS;
        usage.autoWidth(false).width(Math.min(Math.max(columns, LEAST_COLUMNS), MOST_COLUMNS));
        return new Help(command, colors);
    }
}
