/**
 * The User Role electricity network operator: a bundle that exports nothing and may come and go while the appliance
 * runs.
 */
package org.postern.electricitynetworkoperator;
