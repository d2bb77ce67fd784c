package org.postern.delivery.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID {@code org.postern.delivery}. */
@ObjectClassDefinition(name = "Postern delivery", description = "How results and alerts leave")
public @interface DeliveryConfig {

    @AttributeDefinition(name = "Folder of result files")
    String resultsFolder() default "state/results";

    @AttributeDefinition(name = "Deliveries at once, in each lane", min = "1")
    int consumers() default 4;

    @AttributeDefinition(name = "Time to live of results in hours", description = "0: for ever")
    int resultHours() default 0;
}
