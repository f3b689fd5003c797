package dev.flopscope.report.run;

import dev.flopscope.config.Engine;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Gpu;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code run} and {@code profile} say of a measurement in the same words: what ran on what, and whether it agrees. */
public final class MeasurementWords {
    private final Measurement measurement;
    private final Account account;
    private final List<PhaseWords> phases;

    /** Words on {@code measurement}. */
    public MeasurementWords(Measurement measurement) {
        this.measurement = measurement;
        this.account = measurement.account();
        this.phases = PhaseWords.of(measurement);
    }

    /** Words on each phase. */
    public List<PhaseWords> phases() {
        return phases;
    }

    /** What was executed and on what. */
    public List<Fact> facts() {
        MachineInfo machine = measurement.machine();
        List<Fact> facts =
                new ArrayList<>(List.of(AccountTables.model(account.model()), AccountTables.pass(account, input())));
        facts.addAll(AccountTables.note(account));
        facts.add(AccountTables.attention(account));
        facts.add(new Fact("weights", weights()));
        facts.add(new Fact("prepared", prepared()));
        facts.add(machine(machine));
        facts.add(new Fact("engine", engine(measurement.spec().engine())));
        facts.add(blas(machine));
        measurement
                .peakResidentBytes()
                .ifPresent(bytes -> facts.add(new Fact("peak memory", Figures.bytes(bytes) + " resident")));
        facts.addAll(AccountTables.decoding(account));
        return facts;
    }

    private static String engine(Engine engine) {
        return engine.label() + (engine.roundsOperands() ? ", operands of products rounded to " + engine.dtype() : "");
    }

    /** The processor and how much of it is used, or the GPU. */
    public static Fact machine(MachineInfo machine) {
        if (machine.gpu().isPresent()) {
            Gpu gpu = machine.gpu().get();
            return new Fact(
                    "machine",
                    gpu.name() + ", " + Figures.counted(gpu.multiprocessors(), "multiprocessor") + ", CUDA "
                            + gpu.driver());
        }
        return new Fact(
                "machine",
                machine.cpu().model() + ", " + machine.cpu().vectorInstructions() + ", "
                        + Figures.counted(machine.threads(), "thread"));
    }

    /** The BLAS library and the kernel that ran. */
    public static Fact blas(MachineInfo machine) {
        return new Fact("products by", machine.blas().describe());
    }

    private String input() {
        Prompt prompt = measurement.spec().prompt();
        if (prompt instanceof Prompt.Text text) {
            return ", text from " + text.source();
        }
        if (prompt instanceof Prompt.Ids ids) {
            return ", ids from " + ids.source();
        }
        return ", ids from seed " + measurement.spec().seed();
    }

    private String prepared() {
        return measurement.phases().stream()
                .map(phase -> phase.account().phase().name().label() + " in "
                        + Figures.seconds(PhaseRecords.seconds(phase.preparationNanoseconds())) + " s")
                .collect(Collectors.joining(", ", "", ", before the first pass"));
    }

    private String weights() {
        String made = Figures.count(measurement.allocatedParameters()) + " float32 parameters allocated, "
                + Figures.bytes(Math.multiplyExact(measurement.allocatedParameters(), Float.BYTES)) + ", from "
                + measurement
                        .spec()
                        .checkpoint()
                        .map(Path::toString)
                        .orElse("seed " + measurement.spec().seed()) + " in "
                + Figures.seconds(PhaseRecords.seconds(measurement.loadingNanoseconds())) + " s";
        return measurement.spec().weights() == WeightsMode.SHARED
                ? made + "; SHARED: all layers read one layer's memory, the model has "
                        + Figures.count(account.parameters().total())
                : made;
    }

    /** A line for everything in any phase that is not as expected. */
    public List<String> disagreements() {
        return phases.stream().flatMap(phase -> phase.disagreements().stream()).toList();
    }

    /** How things are counted, and what bytes are. */
    public String convention() {
        return "Counted: " + account.convention()
                + ". GB are compulsory traffic: each operand of a product is read once,"
                + " its result is written once, in float32.";
    }

    /** Whether counted is expected, in one sentence, and a line for everything that is not. */
    public List<Block> verdicts() {
        List<Block> verdicts = new ArrayList<>();
        verdicts.add(new Verdict(measurement.agrees() ? Tone.GOOD : Tone.BAD, verdict()));
        verdicts.addAll(Document.verdicts(Tone.BAD, disagreements()));
        measurement.proof().ifPresent(proof -> verdicts.addAll(ProofWords.verdicts(proof)));
        return verdicts;
    }

    private String verdict() {
        if (!measurement.agrees()) {
            return "DISAGREES: " + Figures.count(disagreements().size()) + " of "
                    + Figures.count(measurement.phases().stream()
                            .mapToLong(PhaseMeasurement::checks)
                            .sum())
                    + " checks do not hold.";
        }
        PhaseMeasurement prompt = measurement.prefill();
        boolean repeated = prompt.repetitions().size() > 1;
        return "AGREES: counted = expected at each of "
                + Figures.count(prompt.reconciliation().sites().size()) + " sites"
                + (repeated
                        ? " in each of "
                                + phases.get(0).repetitions(prompt.repetitions().size())
                        : "")
                + ", calls and shapes included"
                + phases.stream().skip(1).map(MeasurementWords::alsoAgrees).collect(Collectors.joining()) + ": "
                + Figures.count(prompt.countedFlops()) + " FLOPs" + (repeated ? " a pass" : "") + "; "
                + Figures.count(measurement.allocatedParameters()) + " parameters allocated = expected.";
    }

    private static String alsoAgrees(PhaseWords words) {
        PhaseMeasurement phase = words.phase();
        int repetitions = phase.repetitions().size();
        return " (and at each of "
                + Figures.count(phase.reconciliation().sites().size())
                + (repetitions == 1 ? " in " + words.one() : " in each of " + words.repetitions(repetitions)) + ", "
                + Figures.count(phase.countedFlops()) + " FLOPs)";
    }
}
