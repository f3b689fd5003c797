package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.UnknownModelException;
import dev.flopscope.run.DoesNotFitException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one line on standard error and the exit code for it. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier stackTrace;

    Errors(BooleanSupplier stackTrace) {
        this.stackTrace = stackTrace;
    }

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String hint = "; see " + command.getCommandSpec().qualifiedName() + " --help";
        report(command.getErr(), oneLine(problem) + hint, problem);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) {
        report(command.getErr(), message(problem), problem);
        return exitCode(problem);
    }

    private static int exitCode(Throwable problem) {
        if (problem instanceof UnknownModelException || problem instanceof TypeConversionException) {
            return ExitCode.USAGE;
        }
        if (problem instanceof BadDataException) {
            return ExitCode.BAD_DATA;
        }
        if (problem instanceof OutputException output) {
            return output.exitCode();
        }
        return ExitCode.INTERNAL;
    }

    private static String message(Throwable problem) {
        if (problem instanceof UnknownModelException
                || problem instanceof TypeConversionException
                || problem instanceof BadDataException
                || problem instanceof OutputException
                || problem instanceof DoesNotFitException) {
            return oneLine(problem);
        }
        return "internal error: " + problem.getClass().getSimpleName() + ": " + oneLine(problem)
                + " (--stacktrace shows where)";
    }

    private static String oneLine(Throwable problem) {
        String message = problem.getMessage() == null ? "no message" : problem.getMessage();
        String line = String.join(" ", message.lines().map(String::strip).toList());
        if (problem instanceof UnmatchedArgumentException) {
            return line.toLowerCase(Locale.ROOT).charAt(0) + line.substring(1);
        }
        return line;
    }

    private void report(PrintWriter err, String line, Throwable problem) {
        err.println("flopscope: " + line);
        if (stackTrace.getAsBoolean()) {
            problem.printStackTrace(err);
        }
        err.flush();
    }
}
