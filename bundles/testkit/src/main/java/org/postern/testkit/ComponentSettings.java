package org.postern.testkit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Settings of a component as the OSGi runtime gives them (component property types, OSGi Compendium 112.8.2): an
 * instance of its annotation, with default values for settings that are not given.
 */
public final class ComponentSettings {

    private ComponentSettings() {}

    /**
     * Creates settings.
     *
     * @param type the component's annotation
     * @param values values by name; a name that the annotation does not have is an error
     */
    public static <A extends Annotation> A of(Class<A> type, Map<String, ?> values) {
        for (String name : values.keySet()) {
            try {
                var unused = type.getDeclaredMethod(name);
            } catch (NoSuchMethodException e) {
                throw new IllegalArgumentException(type + " has no setting " + name, e);
            }
        }
        Map<String, Object> given = Map.copyOf(values);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (made, method, none) -> {
            if (method.getName().equals("annotationType")) {
                return type;
            }
            return given.getOrDefault(method.getName(), method.getDefaultValue());
        }));
    }
}
