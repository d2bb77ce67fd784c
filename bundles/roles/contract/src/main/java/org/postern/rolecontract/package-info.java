/** The requirements that the bundle of every User Role must meet; not part of the distribution. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.rolecontract;
