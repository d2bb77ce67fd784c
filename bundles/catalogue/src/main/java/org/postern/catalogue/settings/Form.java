package org.postern.catalogue.settings;

import aQute.bnd.annotation.xml.XMLAttribute;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The form of the values of a setting, in addition to its type. The build writes it to the metatype of the bundle. */
@XMLAttribute(namespace = Form.NAMESPACE, prefix = "postern")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Form {

    /** Namespace of the attributes in the metatype. */
    String NAMESPACE = "https://postern.org/xmlns/settings/v1.0.0";

    /** Required form of a value. */
    SettingForm form() default SettingForm.TEXT;

    /** For a port: the setting with its address. */
    String host() default "";

    /**
     * For an address to listen on: the setting with a key store, without which only a loopback address is permitted.
     */
    String secure() default "";

    /**
     * Another setting that has to have a value if this one has a value. With a value and a colon before it, this
     * applies only if this setting has that value.
     */
    String with() default "";

    /** A change takes effect only when the process starts. */
    boolean fixed() default false;

    /** The name of this setting in the previous release, which is still read where the setting itself has no value. */
    String formerly() default "";
}
