package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.TestRuns;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.Engine;
import dev.flopscope.config.RunSpec;
import dev.flopscope.time.Timeline;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A product, an operator, an allocation or anything else that a pass asks a backend for fails: for every one of them in turn. The
 * failure arrives as it is, no native memory stays allocated, no thread stays, and the next session is not the worse for it.
 */
@Isolated("it counts the threads of the process")
class FaultAtEveryCallTest {
    private static final Set<Class<?>> WRAPPED =
            Set.of(Allocator.class, AttentionOperator.class, Operators.class, Products.class, TensorLoader.class);

    private static final long LONGEST_MILLISECONDS = 10_000;

    /** What fails at last. */
    private static final class Planted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"ONEDNN", "OPENBLAS"})
    void everyCallThatFailsLeavesNothingBehind(Engine engine) throws InterruptedException {
        RunSpec spec = TestRuns.of(TestModels.tiedGelu("tiny", 17, 1, 8, 2, 12))
                .engine(engine)
                .context(5)
                .chunk(3)
                .decode(2)
                .build();
        // Libraries start threads of their own, once.
        assertThat(outcome(spec, new Faults(Integer.MAX_VALUE))).isTrue();
        Set<String> threads = threads();
        int number = 1;
        for (boolean whole = false; !whole; number++) {
            Faults faults = new Faults(number);
            whole = outcome(spec, faults);

            assertThat(faults.allocators).as("call %d", number).allMatch(memory -> memory.allocatedBytes() == 0);
            assertThat(faults.open).as("open backends after call %d", number).isZero();
            assertThat(threads()).as("threads after call %d", number).isEqualTo(threads);
        }
        assertThat(number).isGreaterThan(100);
    }

    /** A listener is told of spans in the middle of a pass. */
    @Test
    void listenerThatFailsAtAnySpanLeavesNothingBehind() {
        RunSpec spec = TestRuns.of(TestModels.tiedGelu("tiny", 17, 1, 8, 2, 12))
                .context(3)
                .build();
        int number = 1;
        for (boolean whole = false; !whole; number++) {
            int[] left = {number};
            Timeline listener = (Timeline) Proxy.newProxyInstance(
                    Timeline.class.getClassLoader(), new Class<?>[] {Timeline.class}, (self, method, arguments) -> {
                        if (--left[0] == 0) {
                            throw new Planted();
                        }
                        return method.getReturnType() == boolean.class ? Boolean.TRUE : null;
                    });
            Faults none = new Faults(Integer.MAX_VALUE);

            whole = outcome(spec, none, listener);

            assertThat(none.allocators).as("span %d", number).allMatch(memory -> memory.allocatedBytes() == 0);
            assertThat(none.open).isZero();
        }
        assertThat(number).isGreaterThan(10);
    }

    /** Threads that still live, after workers that were told to end have had time for it. */
    private static Set<String> threads() throws InterruptedException {
        List<Thread> all = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() || thread.getName().startsWith("flopscope"))
                .toList();
        for (Thread thread : all) {
            if (thread.isDaemon()) {
                thread.join(LONGEST_MILLISECONDS);
            }
        }
        return all.stream().filter(Thread::isAlive).map(Thread::getName).collect(Collectors.toSet());
    }

    private static boolean outcome(RunSpec spec, Faults faults) {
        return outcome(spec, faults, Timeline.none());
    }

    /** Whether the run came to its end; else what was planted was thrown. */
    private static boolean outcome(RunSpec spec, Faults faults, Timeline listener) {
        Instruments instruments = new Instruments(
                ProgressListener.none(),
                listener,
                faults::start,
                unused -> {
                    throw new IllegalStateException("no ceilings are measured");
                },
                (backend, memory) -> () -> 0,
                line -> {},
                UnaryOperator.identity());
        try (Session session = Session.open(spec, instruments)) {
            return session.measure(spec, Sampling.uncompiled()).agrees();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof Planted) {
                    return false;
                }
            }
            throw e;
        }
    }

    /** Counts the calls across the boundary, and fails at one of them; closing never fails. */
    private static final class Faults {
        private final int at;
        private final List<Allocator> allocators = new ArrayList<>();
        private int calls;
        private int open;

        Faults(int at) {
            this.at = at;
        }

        Backend start(RunSpec spec) {
            open++;
            return wrapped(Backend.class, CpuBackend.start(spec.engine(), spec.threads()));
        }

        private <T> T wrapped(Class<T> type, Object target) {
            if (target instanceof Allocator allocator) {
                allocators.add(allocator);
            }
            return type.cast(
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Wrapping(this, target)));
        }

        private synchronized void count(Object target, Method method) {
            if (method.getName().equals("close")) {
                open -= target instanceof Backend ? 1 : 0;
            } else if (++calls == at) {
                throw new Planted();
            }
        }
    }

    private record Wrapping(Faults faults, Object target) implements InvocationHandler {
        @Override
        @SuppressWarnings("NullAway") // Methods without arguments have none, and void methods no result.
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            faults.count(target, method);
            Object[] own = arguments == null
                    ? null
                    : Arrays.stream(arguments).map(Wrapping::unwrapped).toArray();
            try {
                Object result = method.invoke(target, own);
                return WRAPPED.contains(method.getReturnType())
                        ? faults.wrapped(method.getReturnType(), result)
                        : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        /** What a backend handed out is what it is given back. */
        private static Object unwrapped(Object argument) {
            return argument != null
                            && Proxy.isProxyClass(argument.getClass())
                            && Proxy.getInvocationHandler(argument) instanceof Wrapping wrapping
                    ? wrapping.target()
                    : argument;
        }
    }
}
