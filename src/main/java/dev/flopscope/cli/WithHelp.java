package dev.flopscope.cli;

import picocli.CommandLine.Option;

/** A command with {@code --help}. Not an inherited option: picocli's own commands bring theirs. */
abstract class WithHelp {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads what the annotation says
    private boolean help;
}
