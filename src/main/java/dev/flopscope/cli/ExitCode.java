package dev.flopscope.cli;

/** What the program tells its caller. */
final class ExitCode {
    /** All agrees. */
    static final int OK = 0;
    /** A check failed. */
    static final int CHECK_FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** A config, text, token or claims file is wrong (EX_DATAERR). */
    static final int BAD_DATA = 65;
    /** Out of memory, or a fault of the program (EX_SOFTWARE). */
    static final int INTERNAL = 70;
    /** An output cannot be created (EX_CANTCREAT). */
    static final int CANNOT_CREATE = 73;
    /** An output cannot be written (EX_IOERR). */
    static final int CANNOT_WRITE = 74;

    private ExitCode() {}
}
