package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.document.Report;
import dev.flopscope.report.run.RunReport;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Measurer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: one counted pass, held against its closed form. */
@Command(
        name = "run",
        description = "Runs a forward pass for real, counts and times every product, and holds the counts against"
                + " the closed forms. With --decode, tokens that follow are counted and timed too, and held against"
                + " the bandwidth that is measured here.",
        footer = {
            "",
            "Examples:",
            "  flopscope run gpt2-small",
            "  echo 'The capital of France is' | flopscope run gpt2-small --text -",
            "  flopscope run gpt2-small --decode 32",
            "  flopscope run gpt2-small --prove",
            "  flopscope run gpt2-small --prove --prove-rows 1",
            "  flopscope run gpt2-small --chunk 256 --logits last",
            "  flopscope run gpt2-xl --format json --output xl.md"
        })
final class RunCommand extends MeasuringCommand {
    @Option(
            names = "--prove",
            description =
                    "Also prove each product: random sums of its result are held against the same sums by way of its"
                            + " operands, so that a wrong entry is noticed. Times include the proof.")
    private boolean prove;

    @Option(
            names = "--prove-rows",
            paramLabel = "SHARE",
            defaultValue = "0.25",
            description =
                    "The part of the rows of each product that --prove checks, which is how probable it is that a single"
                            + " wrong entry is noticed; 1 for all. The seed decides which (default: ${DEFAULT-VALUE}).")
    private double rows = 0.25;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    Measurement measure(Measurer measurer, RunSpec spec) {
        if (prove && spec.engine().roundsOperands()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--prove: products are held to the rounding of float32, and --dtype "
                            + spec.engine().dtype() + " rounds more");
        }
        if (!(rows > 0 && rows <= 1)) {
            throw new ParameterException(
                    command.commandLine(), "--prove-rows: must be more than 0 and at most 1: " + rows);
        }
        return measurer.run(spec, prove ? rows : 0);
    }

    @Override
    Report report(Measurement measurement) {
        return new RunReport(measurement);
    }
}
