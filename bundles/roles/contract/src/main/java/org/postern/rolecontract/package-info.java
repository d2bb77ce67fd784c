/** What the bundle of every User Role has to keep; never shipped. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.rolecontract;
