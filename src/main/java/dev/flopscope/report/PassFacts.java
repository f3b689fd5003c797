package dev.flopscope.report;

import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.run.ProfileResult;
import dev.flopscope.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What was executed and on what: the head of every report of a pass.
 *
 * @param spec what was asked for
 * @param account its closed forms
 * @param allocatedParameters parameters found in memory
 * @param preparationNanoseconds making the weights and the buffers
 * @param machine where it ran
 * @param peakResidentBytes the most memory the process had resident, if the system tells
 */
record PassFacts(
        RunSpec spec,
        Account account,
        long allocatedParameters,
        long preparationNanoseconds,
        MachineInfo machine,
        OptionalLong peakResidentBytes) {
    private static final double NANOSECONDS = 1e9;

    static PassFacts of(RunResult result) {
        return new PassFacts(
                result.spec(),
                result.account(),
                result.allocatedParameters(),
                result.preparationNanoseconds(),
                result.machine(),
                result.peakResidentBytes());
    }

    static PassFacts of(ProfileResult result) {
        return new PassFacts(
                result.spec(),
                result.account(),
                result.allocatedParameters(),
                result.preparationNanoseconds(),
                result.machine(),
                result.peakResidentBytes());
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", AccountTables.extents(account.model())));
        facts.add(new Fact(
                "pass",
                "batch " + Figures.count(account.batch()) + ", context " + Figures.count(account.context()) + ", "
                        + input()));
        if (account.context() > account.model().contextLength()) {
            facts.add(new Fact("note", AccountTables.beyondContextLength(account)));
        }
        facts.add(AccountTables.attention(account));
        facts.add(new Fact("weights", weights()));
        facts.add(machine(machine));
        facts.add(new Fact("engine", spec.engine().label()));
        facts.add(blas(machine));
        peakResidentBytes.ifPresent(
                bytes -> facts.add(new Fact("peak memory", Figures.gibibytes(bytes) + " resident")));
        return facts;
    }

    /** The processor and how much of it is used. */
    static Fact machine(MachineInfo machine) {
        return new Fact(
                "machine",
                machine.cpu().model() + ", " + machine.cpu().vectorInstructions() + ", " + machine.threads()
                        + (machine.threads() == 1 ? " thread" : " threads"));
    }

    /** The BLAS library and the kernel that ran. */
    static Fact blas(MachineInfo machine) {
        return new Fact("products by", machine.blas().describe());
    }

    private String input() {
        Prompt prompt = spec.prompt();
        if (prompt instanceof Prompt.Text text) {
            return "text from " + text.source();
        }
        if (prompt instanceof Prompt.Ids ids) {
            return "ids from " + ids.source();
        }
        return "ids from seed " + spec.seed();
    }

    private String weights() {
        String made = Figures.count(allocatedParameters) + " float32 parameters allocated, "
                + Figures.gibibytes(Math.multiplyExact(allocatedParameters, Float.BYTES)) + ", from seed " + spec.seed()
                + " in " + Figures.seconds(preparationNanoseconds / NANOSECONDS) + " s";
        return spec.weights() == WeightsMode.SHARED
                ? made + "; SHARED: all layers read one layer's memory, the model has "
                        + Figures.count(account.parameters().total())
                : made;
    }
}
