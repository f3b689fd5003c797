package dev.flopscope.cli;

import dev.flopscope.schema.Json;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code schema}: what a command's JSON is made of. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema (draft 2020-12) of the JSON that a command writes.",
        footer = {"", "Example:", "  flopscope schema profile"})
final class SchemaCommand extends WithHelp implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", description = "${COMPLETION-CANDIDATES}.")
    private Subject subject = Subject.ACCOUNT;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The commands that write JSON. */
    enum Subject {
        ACCOUNT,
        RUN,
        PROFILE,
        LOGITS,
        GENERATE,
        FIT,
        VERIFY,
        SWEEP,
        COMPARE,
        HARDWARE,
        COUNTER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(Json.schema(subject.toString()));
        return ExitCode.OK;
    }
}
