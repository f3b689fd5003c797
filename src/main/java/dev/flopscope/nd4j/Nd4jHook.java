package dev.flopscope.nd4j;

import java.lang.reflect.Field;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.NDArrayFactory;
import org.nd4j.linalg.factory.Nd4j;

/** Puts the executioner and the factory that tell of operations in the places of ND4J's own. */
public final class Nd4jHook {
    private Nd4jHook() {}

    /**
     * Sees to it that operations are told of from now on. Starts ND4J if nothing has. Where ND4J was started without
     * {@link HookProperties}, its executioner and its factory are replaced; ND4J offers no method for that, so its fields are
     * set.
     *
     * @throws IllegalStateException if ND4J runs on another backend than that for CPUs, or its parts cannot be replaced
     */
    public static synchronized void install() {
        OpExecutioner executioner = Nd4j.getExecutioner();
        if (!(executioner instanceof CountingExecutioner)) {
            requireReplaceable(executioner, NativeOpExecutioner.class);
            set("OP_EXECUTIONER_INSTANCE", new CountingExecutioner());
        }
        NDArrayFactory factory = Nd4j.factory();
        if (!(factory instanceof CountingArrayFactory)) {
            requireReplaceable(factory, CpuNDArrayFactory.class);
            set("INSTANCE", new CountingArrayFactory(Nd4j.dataType(), factory.order()));
        }
    }

    private static void requireReplaceable(Object part, Class<?> type) {
        if (part.getClass() != type) {
            throw new IllegalStateException("operations can be counted where ND4J uses its " + type.getSimpleName()
                    + "; it uses " + part.getClass().getName());
        }
    }

    private static void set(String name, Object value) {
        try {
            Field field = Nd4j.class.getDeclaredField(name);
            field.setAccessible(true);
            field.set(null, value);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "ND4J was started before operations could be counted; start Java with " + HookProperties.options(),
                    e);
        }
    }
}
