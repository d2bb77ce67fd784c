package org.postern.delivery.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;

/** Settings of PID {@code org.postern.delivery}. */
@ObjectClassDefinition(name = "Postern delivery", description = "How results and alerts are delivered")
public @interface DeliveryConfig {

    @AttributeDefinition(name = "Folder of result files")
    @Form(form = SettingForm.PATH)
    String resultsFolder() default "state/results";

    @AttributeDefinition(name = "Deliveries at once, in each lane", min = "1", max = "1000")
    int consumers() default 4;

    @AttributeDefinition(
            name = "Time to live of results in hours",
            min = "0",
            max = "87600",
            description = "0: unlimited")
    int resultHours() default 0;

    @AttributeDefinition(
            name = "Time to live in hours of copies in postern.results",
            min = "0",
            max = "87600",
            description = "Of results whose caller named no reply-to and reads them by id; 0: no copies")
    int copyHours() default 0;
}
