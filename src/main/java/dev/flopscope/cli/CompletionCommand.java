package dev.flopscope.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code generate-completion}: picocli's script; picocli's own command takes any argument, and does not see a full disk. */
@Command(
        name = "generate-completion",
        description = "Prints a script that completes commands and options in bash and zsh.",
        footer = {"", "Example:", "  source <(flopscope generate-completion)"})
final class CompletionCommand extends WithHelp implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine()
                .getOut()
                .println(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    }
}
