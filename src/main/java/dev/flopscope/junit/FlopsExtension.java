package dev.flopscope.junit;

import dev.flopscope.api.Expected;
import dev.flopscope.api.FlopAssert;
import dev.flopscope.api.FlopCounter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Counts a test with {@link Flops} from its first line to its last; what is executed before and after each test is not. */
public final class FlopsExtension implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(FlopsExtension.class);

    /** For JUnit. */
    public FlopsExtension() {}

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        expected(annotation(context));
        context.getStore(NAMESPACE).put(FlopCounter.class, FlopCounter.open());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        FlopCounter counter =
                Objects.requireNonNull(context.getStore(NAMESPACE).remove(FlopCounter.class, FlopCounter.class));
        counter.close();
        if (context.getExecutionException().isPresent()) {
            return;
        }
        Flops flops = annotation(context);
        FlopAssert counted = FlopAssert.assertThat(counter);
        if (!flops.allowUncounted()) {
            counted.areAllCounted();
        }
        counted.areEqualTo(expected(flops));
    }

    private static Flops annotation(ExtensionContext context) {
        return Objects.requireNonNull(context.getRequiredTestMethod().getAnnotation(Flops.class));
    }

    private static Expected expected(Flops flops) {
        boolean number = flops.expected() >= 0;
        if (number == !flops.formula().isEmpty()) {
            throw new IllegalArgumentException("@Flops needs a number or a formula, and not both");
        }
        return number ? Expected.flops(flops.expected()) : Expected.formula(flops.formula(), sizes(flops.where()));
    }

    private static Map<String, Long> sizes(String[] where) {
        Map<String, Long> sizes = new HashMap<>();
        for (String size : where) {
            int equals = size.indexOf('=');
            try {
                sizes.put(
                        size.substring(0, Math.max(0, equals)).trim(),
                        Long.valueOf(size.substring(equals + 1).trim()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("@Flops: \"" + size + "\" is not of the form name=size", e);
            }
        }
        return sizes;
    }
}
