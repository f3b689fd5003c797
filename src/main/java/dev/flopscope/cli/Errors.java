package dev.flopscope.cli;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.UnknownModelException;
import dev.flopscope.run.DoesNotFitException;
import dev.flopscope.text.Printable;
import java.io.PrintWriter;
import java.util.List;
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
        String line = problem instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched) : text(problem);
        report(command.getErr(), Printable.message(line) + hint, problem);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) {
        report(command.getErr(), Printable.message(message(problem)), problem);
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
            return text(problem);
        }
        return "internal error: " + problem.getClass().getSimpleName() + ": " + text(problem)
                + " (--stacktrace shows where)";
    }

    /** What picocli says of arguments that no option or parameter takes, in a user's words. */
    private static String unmatched(UnmatchedArgumentException problem) {
        String first = problem.getUnmatched().get(0);
        boolean command = problem.getCommandLine().getParent() == null && !problem.isUnknownOption();
        String kind = problem.isUnknownOption() ? "option" : command ? "command" : "argument";
        List<String> similar = problem.isUnknownOption() || command ? problem.getSuggestions() : List.of();
        return (kind.equals("argument") ? "unexpected " : "unknown ") + kind + " '" + first + "'"
                + (similar.isEmpty() ? "" : "; did you mean " + similar.get(0) + "?");
    }

    private static String text(Throwable problem) {
        return problem.getMessage() == null ? "no message" : problem.getMessage();
    }

    private void report(PrintWriter err, String line, Throwable problem) {
        err.println("flopscope: " + line);
        if (stackTrace.getAsBoolean()) {
            problem.printStackTrace(err);
        }
        err.flush();
    }
}
