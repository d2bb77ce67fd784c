package org.postern.catalogue.settings;

import aQute.bnd.annotation.xml.XMLAttribute;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The form of a setting's values, over and above its type. The build writes it into the bundle's metatype. */
@XMLAttribute(namespace = Form.NAMESPACE, prefix = "postern")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Form {

    /** Namespace of the attributes in the metatype. */
    String NAMESPACE = "https://postern.org/xmlns/settings/v1.0.0";

    /** What a value has to look like. */
    SettingForm form() default SettingForm.TEXT;

    /** Of a port: the setting that holds the address it is on. */
    String host() default "";

    /**
     * Of an address to listen on: the setting that holds a key store, without which only a loopback address is right.
     */
    String secure() default "";

    /**
     * Another setting that has to have a value where this one has; after a value and a colon: only where this one has
     * that value.
     */
    String with() default "";

    /** A change of what is in force is taken only while the process starts. */
    boolean fixed() default false;

    /** The name of this setting in the release before, which is still read where the setting itself is not set. */
    String formerly() default "";
}
