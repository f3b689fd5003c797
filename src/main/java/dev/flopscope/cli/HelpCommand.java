package dev.flopscope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help}: what {@code --help} shows. Picocli's own command takes any arguments after the first. */
@Command(name = "help", description = "Shows the help of a command.")
final class HelpCommand extends WithHelp implements Runnable {
    @Parameters(
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "The command; the program itself if none is given.")
    private @Nullable String command;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine program = spec.root().commandLine();
        CommandLine shown = command == null ? program : program.getSubcommands().get(command);
        if (shown == null) {
            throw new ParameterException(spec.commandLine(), "unknown command '" + command + "'");
        }
        shown.usage(spec.commandLine().getOut());
    }
}
