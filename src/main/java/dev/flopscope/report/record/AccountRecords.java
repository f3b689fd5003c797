package dev.flopscope.report.record;

import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Setting;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.observe.Proof;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.AccountRecord.Flops;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.PhaseRecord;
import dev.flopscope.schema.ResultFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accounts, with what was measured or without, as files have them. */
public final class AccountRecords {
    private AccountRecords() {}

    /**
     * What paper says.
     *
     * @param settings the model's config, value by value, where that was asked for
     */
    public static AccountRecord of(Account account, List<Setting> settings) {
        Flops flops = new Flops(
                account.phases().stream().mapToLong(PhaseAccount::flops).sum(), null);
        return record(
                account,
                null,
                flops,
                account.phases().stream()
                        .map(phase -> PhaseRecords.expected(account, phase))
                        .toList(),
                settings);
    }

    /**
     * What was measured.
     *
     * @param profiled whether there are samples and ceilings of every phase
     */
    public static AccountRecord of(Measurement measurement, boolean profiled) {
        Flops flops = new Flops(
                measurement.phases().stream()
                        .mapToLong(phase -> phase.reconciliation().expectedFlops())
                        .sum(),
                measurement.phases().stream()
                        .mapToLong(PhaseMeasurement::countedFlops)
                        .sum());
        return record(
                measurement.account(),
                measurement,
                flops,
                measurement.phases().stream()
                        .map(phase -> new PhaseRecords(measurement, phase, profiled).record())
                        .toList(),
                List.of());
    }

    /** The file of one measurement, with samples or without. */
    public static ResultFile file(Measurement measurement, boolean profiled, List<String> commandLine) {
        return new ResultFile(
                Envelopes.of(
                        profiled ? "profile" : "run",
                        commandLine,
                        measurement.began(),
                        measurement.machine(),
                        measurement.spec().engine()),
                of(measurement, profiled),
                Envelopes.ceilings(measurement.ceilings().stream().toList()),
                Envelopes.rooflines(measurement.ceilings().stream().toList()));
    }

    private static AccountRecord record(
            Account account,
            @Nullable Measurement measured,
            Flops flops,
            List<PhaseRecord> phases,
            List<Setting> settings) {
        Phase prompt = account.prefill().phase();
        MemoryAccount memory = account.memory();
        return new AccountRecord(
                account.convention(),
                AccountRecord.Model.of(account.model()),
                account.batch(),
                account.context(),
                prompt.steps() > 1 ? prompt.queries() : null,
                prompt.logits() == LogitsRows.ALL ? null : prompt.logits(),
                new AccountRecord.Attention(
                        account.attention().algorithm(),
                        account.attention().queryTile(prompt.queries()),
                        account.attention().keyTile(account.context()),
                        account.prefill().usefulAttentionFlops()),
                Envelopes.DTYPE,
                measured == null ? null : measured.spec().weights(),
                measured == null ? null : measured.spec().seed(),
                parameters(account.parameters(), measured),
                new AccountRecord.Memory(memory.weightsBytes(), memory.activationsBytes(), memory.kvCacheBytes()),
                flops,
                phases,
                measured == null ? null : measured.agrees(),
                measured == null ? null : PhaseRecords.seconds(measured.loadingNanoseconds()),
                measured == null ? null : PhaseRecords.seconds(measured.preparationNanoseconds()),
                measured == null ? null : Json.orNull(measured.peakResidentBytes()),
                measured == null
                        ? List.of()
                        : measured.nextTokens().stream()
                                .map(next -> new AccountRecord.Token(next.token(), next.text(), next.probability()))
                                .toList(),
                measured == null ? List.of() : measured.calibration(),
                settings,
                measured == null
                        ? null
                        : measured.proof().map(AccountRecords::proof).orElse(null));
    }

    private static AccountRecord.Proof proof(Proof proof) {
        return new AccountRecord.Proof(
                proof.share(),
                proof.products(),
                proof.unproven(),
                proof.failed(),
                Double.isFinite(proof.largestDeviation()) ? proof.largestDeviation() : null,
                proof.visible(),
                proof.failures());
    }

    private static AccountRecord.Parameters parameters(ParameterAccount parameters, @Nullable Measurement measured) {
        return new AccountRecord.Parameters(
                parameters.total(),
                parameters.active() == parameters.total() ? null : parameters.active(),
                parameters.embedding(),
                parameters.positions() == 0 ? null : parameters.positions(),
                parameters.blocks(),
                parameters.firstBlock().total(),
                parameters.finalNorm(),
                parameters.lmHead(),
                measured == null ? null : measured.allocatedParameters());
    }
}
