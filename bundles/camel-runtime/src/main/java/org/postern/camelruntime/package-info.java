/** Apache Camel for the route bundles: one context per bundle, one transacted JMS component, one metrics registry. */
@Export
@Version("1.0.0")
package org.postern.camelruntime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
