package org.postern.dispatch.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID {@code org.postern.dispatch}: how many requests of each lane are processed at once. */
@ObjectClassDefinition(
        name = "Postern dispatch",
        description =
                "Number of consumers of each lane. Each of them waits for the DCC, so throughput does not grow without"
                        + " limit with their number")
public @interface DispatchConfig {

    @AttributeDefinition(name = "Prepayment and supply", min = "1", max = "1000")
    int prepayment() default 4;

    @AttributeDefinition(name = "Interactive", min = "1", max = "1000")
    int interactive() default 4;

    @AttributeDefinition(name = "Routine", min = "1", max = "1000")
    int routine() default 8;

    @AttributeDefinition(name = "Bulk", min = "1", max = "1000")
    int bulk() default 4;
}
