package dev.flopscope.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CpuTopologyTest {
    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("planted"),
                new NoClassDefFoundError("com/sun/jna/platform/linux/Udev"),
                new UnsatisfiedLinkError("libudev"),
                new NoSuchMethodError("another version of JNA"),
                new ExceptionInInitializerError("planted"),
                new ServiceConfigurationError("planted"),
                new AssertionError("planted"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverFailsLeavesTheTopologyUnknown(Throwable failure) {
        Supplier<CpuTopology> failing = () -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
        assertThat(CpuTopology.detect(failing)).isEqualTo(CpuTopology.unknown());
    }

    @Test
    void whatIsKnownOfThisMachineIsInOrder() {
        CpuTopology topology = CpuTopology.detect();
        topology.name().ifPresent(name -> assertThat(name).isNotBlank());
        topology.physicalCores()
                .ifPresent(cores ->
                        assertThat(cores).isBetween(1, topology.logicalCores().orElseThrow()));
        assertThat(topology.caches()).isSortedAccordingTo((one, other) -> one.level() - other.level());
        assertThat(topology.caches())
                .allSatisfy(cache -> assertThat(cache.bytes()).isPositive());
    }
}
